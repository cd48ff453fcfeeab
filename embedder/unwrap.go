package embedder

// Wrapper is what every wrapper in the house offers beside [Embedder], so that
// an optional ability of the adapter at the core can still be found.
type Wrapper interface{ Unwrap() Embedder }

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
