package embedder

import (
	"context"
	"fmt"
	"math"

	"dalil/corpus"
)

// Checked holds e to the law of [Embedder], so that a provider's fault is an
// error here and never a wrong point in a collection: count, width, finite
// numbers and unit length are checked for every vector. An error without a kind
// gets one and keeps its text only (see [Failed]).
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
		return Embeddings{}, corpus.Errorf(corpus.ErrUnavailable, "%v answered %d texts with %d vectors", model, len(texts), len(answer.Vectors))
	}
	for i, v := range answer.Vectors {
		if err := checkVector(v, model.Dimensions); err != nil {
			return Embeddings{}, corpus.Errorf(corpus.ErrUnavailable, "%v answered text %d with a vector that %w", model, i, err)
		}
	}
	return answer, nil
}

// unitTolerance is how far a squared length may be from 1: float32 sums over
// a few thousand dimensions stay well within it.
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
