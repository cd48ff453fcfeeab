package embedder

// Wrapper is implemented by every wrapper of this package, so that an optional
// ability of the innermost adapter can be found.
type Wrapper interface{ Unwrap() Embedder }

// Remote is implemented by embedders that call another process: their calls take
// time, may fail, and may be limited. An embedder without it is local.
type Remote interface{ Remote() bool }

// find returns the outermost embedder of a chain of wrappers that has an ability.
func find[T any](e Embedder) (found T, ok bool) {
	for {
		if found, ok = e.(T); ok {
			return found, true
		}
		w, wraps := e.(Wrapper)
		if !wraps {
			return found, false
		}
		e = w.Unwrap()
	}
}

// IsRemote reports whether the innermost adapter of e calls another process.
func IsRemote(e Embedder) bool {
	r, ok := find[Remote](e)
	return ok && r.Remote()
}

// TokenCounter returns the [Counter] of the innermost adapter of e, or nil if it
// does not have its model's tokenizer.
func TokenCounter(e Embedder) Counter {
	c, _ := find[Counter](e)
	return c
}

// tokensOf counts tokens with the model's own tokenizer, or estimates them.
func tokensOf(e Embedder) func(string) int {
	if c := TokenCounter(e); c != nil {
		return c.Tokens
	}
	return EstimateTokens
}
