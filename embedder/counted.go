package embedder

import (
	"context"
	"slices"
)

// Counted adds the counter of the model's tokenizer to e if the adapter has none.
// It compares the count with the tokens that the provider bills, to detect texts
// that were cut, which are the longest.
func Counted(e Embedder, c Counter) Embedder { return &counted{e, c} }

type counted struct {
	Embedder
	Counter
}

func (c *counted) Unwrap() Embedder { return c.Embedder }

func (c *counted) Embed(ctx context.Context, role Role, texts []string) (Embeddings, error) {
	answer, err := c.Embedder.Embed(ctx, role, texts)
	if err == nil && len(answer.Cut) == 0 && answer.Tokens > 0 {
		tokens := make([]int, len(texts))
		for i, text := range texts {
			tokens[i] = c.Tokens(text)
		}
		answer.Cut = cutTo(tokens, answer.Tokens)
	}
	return answer, err
}

// cutTo returns the texts that were cut if fewer tokens were billed than the texts
// have: those above the length that explains the sum. Prefixes and special tokens
// are billed too, so texts that are not cut are never billed with fewer tokens.
func cutTo(tokens []int, billed int) (cut []int) {
	rising := slices.Sorted(slices.Values(tokens))
	left := billed
	for i, n := range rising {
		if n*(len(rising)-i) > left { // this and all later texts were cut to the same length
			limit := left / (len(rising) - i)
			for at, n := range tokens {
				if n > limit {
					cut = append(cut, at)
				}
			}
			return cut
		}
		left -= n
	}
	return nil
}
