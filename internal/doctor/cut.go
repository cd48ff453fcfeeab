package doctor

import (
	"context"
	"errors"
	"strings"

	"dalil/corpus"
	"dalil/embedder"
)

// cuts checks whether the endpoint reads a text to its end: two texts that differ
// only there must not have the same vector.
func cuts(ctx context.Context, x *examination) {
	const check = "embedder length"
	if x.model == nil || !embedder.IsRemote(x.model) {
		return
	}
	e := x.model
	limit := e.Model().MaxTokens
	if limit <= 0 {
		limit = 2048
	}
	const end = 32
	words := strings.Repeat("paper ", max(limit*3/4-end, 0))
	answer, err := e.Embed(ctx, embedder.Passage, []string{words + strings.Repeat("river ", end), words + strings.Repeat("engine ", end)})
	switch {
	case errors.Is(err, corpus.ErrInvalid):
		x.ok(check, "texts that are too long are refused")
	case err != nil:
		x.fail(check, embedderAdvice(err), err)
	case cosine(answer.Vectors[0], answer.Vectors[1]) > 0.999999:
		x.warn(check, "set embedder.max_tokens to the limit on the model's card; Dalil then makes passages that fit",
			"the endpoint cuts texts: two texts of about %d tokens that differ only at the end have the same vector", limit*3/4)
	default:
		x.ok(check, "the endpoint reads a text of %d words to its end", limit*3/4)
	}
}
