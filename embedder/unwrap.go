package embedder

// Wrapper is what every wrapper of this package offers beside [Embedder], so that
// an optional ability of the adapter at the core can still be found.
type Wrapper interface{ Unwrap() Embedder }

// Remote is offered by embedders whose calls leave this process: they take time
// on a wire, may fail, and may be limited. An embedder without it is local.
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

// IsRemote reports whether the adapter at the core of e says that its calls leave
// this process.
func IsRemote(e Embedder) bool {
	r, ok := find[Remote](e)
	return ok && r.Remote()
}

// TokenCounter finds the [Counter] at the core of e, through any wrappers; nil
// where the adapter does not know its model's tokenizer.
func TokenCounter(e Embedder) Counter {
	c, _ := find[Counter](e)
	return c
}

// tokensOf counts by the model's own tokenizer, or estimates.
func tokensOf(e Embedder) func(string) int {
	if c := TokenCounter(e); c != nil {
		return c.Tokens
	}
	return EstimateTokens
}
