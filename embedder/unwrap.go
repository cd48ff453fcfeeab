package embedder

// Wrapper is what every wrapper in the house offers beside [Embedder], so that
// an optional ability of the adapter at the core can still be found.
type Wrapper interface{ Unwrap() Embedder }

// tokensOf counts by the model's own tokenizer, or estimates.
func tokensOf(e Embedder) func(string) int {
	if c := TokenCounter(e); c != nil {
		return c.Tokens
	}
	return EstimateTokens
}

// TokenCounter finds the [Counter] at the core of e, through any wrappers; nil
// where the adapter does not know its model's tokenizer.
func TokenCounter(e Embedder) Counter {
	for {
		if c, ok := e.(Counter); ok {
			return c
		}
		w, ok := e.(Wrapper)
		if !ok {
			return nil
		}
		e = w.Unwrap()
	}
}
