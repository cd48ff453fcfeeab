package embedder

import (
	"context"
	"slices"
)

// Counted gives e the counter of its model's tokenizer if the adapter has none.
// Comparing the count with the tokens that the provider bills shows whether it cut
// texts, and which: the longest.
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

// cutTo returns the texts that were cut when texts of so many tokens were billed
// as fewer in all: those above the length that explains the sum. Prefixes and
// special tokens are billed too, so what is billed in full is never less.
func cutTo(tokens []int, billed int) (cut []int) {
	rising := slices.Sorted(slices.Values(tokens))
	left := billed
	for i, n := range rising {
		if n*(len(rising)-i) > left { // this and all above are of one length
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
