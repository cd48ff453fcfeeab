package embedder

import (
	"context"
	"errors"
	"slices"
)

// BatchOptions limits one call to a provider. Zero fields have the model's own
// limits, or none.
type BatchOptions struct {
	Texts int
	Bytes int
	// Tokens limits the sum of tokens, which are estimated if there is no [Counter].
	Tokens int
}

// Batched divides a call into calls that the provider accepts, and makes them in
// order, one after the other. A caller that wants parallel calls needs workers of
// its own. A text above the limits is sent alone.
func Batched(e Embedder, options BatchOptions) Embedder {
	if limit := e.Model().MaxBatch; options.Texts <= 0 || limit > 0 && limit < options.Texts {
		options.Texts = limit
	}
	return &batched{e, options, tokensOf(e)}
}

type batched struct {
	Embedder
	options BatchOptions
	count   func(string) int
}

func (b *batched) Unwrap() Embedder { return b.Embedder }

func (b *batched) Embed(ctx context.Context, role Role, texts []string) (Embeddings, error) {
	var whole Embeddings
	for start := 0; start < len(texts); {
		end := b.end(texts, start)
		if start == 0 && end == len(texts) {
			return b.Embedder.Embed(ctx, role, texts)
		}
		part, err := b.Embedder.Embed(ctx, role, texts[start:end])
		if err != nil {
			return Embeddings{}, shifted(err, start)
		}
		whole.Vectors = append(slices.Grow(whole.Vectors, len(texts)-start), part.Vectors...)
		whole.Tokens += part.Tokens
		for _, i := range part.Cut {
			whole.Cut = append(whole.Cut, start+i)
		}
		start = end
	}
	return whole, nil
}

// end returns where the batch that begins at start ends.
func (b *batched) end(texts []string, start int) int {
	bytes, tokens := 0, 0
	for i := start; i < len(texts); i++ {
		bytes += len(texts[i])
		if b.options.Tokens > 0 {
			tokens += b.count(texts[i])
		}
		full := b.options.Texts > 0 && i-start >= b.options.Texts ||
			b.options.Bytes > 0 && bytes > b.options.Bytes ||
			b.options.Tokens > 0 && tokens > b.options.Tokens
		if full && i > start {
			return i
		}
	}
	return len(texts)
}

// shifted adds the start of a batch to the index of a TextError.
func shifted(err error, start int) error {
	var text *TextError
	if start > 0 && errors.As(err, &text) {
		return &TextError{Index: text.Index + start, Err: text.Err}
	}
	return err
}
