package embedder

// Counted gives e the counter of its model's tokenizer, where the adapter does
// not know it itself.
func Counted(e Embedder, c Counter) Embedder { return &counted{e, c} }

type counted struct {
	Embedder
	Counter
}

func (c *counted) Unwrap() Embedder { return c.Embedder }
