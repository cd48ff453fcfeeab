package embedder

import (
	"context"
	"fmt"
	"math"

	"dalil/corpus"
)

// Checked checks the results of e against the rules of [Embedder], so that a fault
// of a provider becomes an error and never a wrong point in a collection. It checks
// the number of vectors, and the width, finiteness and unit length of each. An
// error without a kind gets one and keeps only its text (see [Failed]).
func Checked(e Embedder) Embedder { return &checked{e} }

type checked struct{ Embedder }

func (c *checked) Unwrap() Embedder { return c.Embedder }

func (c *checked) Embed(ctx context.Context, role Role, texts []string) (Embeddings, error) {
	if err := ctx.Err(); err != nil {
		return Embeddings{}, err
	}
	if len(texts) == 0 {
		return Embeddings{}, nil
	}
	model := c.Model()
	answer, err := c.Embedder.Embed(ctx, role, texts)
	if err != nil {
		return Embeddings{}, fmt.Errorf("embed %d texts with %v: %w", len(texts), model, Failed(err))
	}
	if len(answer.Vectors) != len(texts) {
		return Embeddings{}, corpus.Errorf(corpus.ErrUnavailable, "%v returned %[3]d vectors for %[2]d texts", model, len(texts), len(answer.Vectors))
	}
	for i, v := range answer.Vectors {
		if err := checkVector(v, model.Dimensions); err != nil {
			return Embeddings{}, corpus.Errorf(corpus.ErrUnavailable, "%v returned a vector for text %d that %w", model, i, err)
		}
	}
	return answer, nil
}

// unitTolerance is how much a squared length may differ from 1. Rounding errors of
// float32 sums over a few thousand dimensions are much smaller.
const unitTolerance = 2e-3

func checkVector(v corpus.Vector, dimensions int) error {
	if len(v) != dimensions {
		return fmt.Errorf("has %d dimensions, not %d", len(v), dimensions)
	}
	var sum float64
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	if math.IsNaN(sum) || math.IsInf(sum, 0) {
		return fmt.Errorf("has a number that is not finite")
	}
	if math.Abs(sum-1) > unitTolerance {
		return fmt.Errorf("has length %.4f, not 1", math.Sqrt(sum))
	}
	return nil
}
