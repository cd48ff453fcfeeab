package embedder

import "context"

// Charged calls spend with the tokens of each call that succeeds, as the model counts
// them. The context of a call has its caller. An answer of a cache costs no
// tokens.
func Charged(e Embedder, spend func(ctx context.Context, tokens int)) Embedder {
	return &charged{e, spend}
}

type charged struct {
	Embedder
	spend func(ctx context.Context, tokens int)
}

func (c *charged) Unwrap() Embedder { return c.Embedder }

func (c *charged) Embed(ctx context.Context, role Role, texts []string) (Embeddings, error) {
	answer, err := c.Embedder.Embed(ctx, role, texts)
	if err == nil && answer.Tokens > 0 {
		c.spend(ctx, answer.Tokens)
	}
	return answer, err
}
