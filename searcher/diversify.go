package searcher

import (
	"context"
	"fmt"

	"dalil/corpus"
	"dalil/store"
	"dalil/vector"
)

// diversify orders the best candidates by maximal marginal relevance (Carbonell and
// Goldstein, SIGIR 1998): the next passage is the one with the greatest
// (1−d) · relevance − d · similarity, where d is the query's diversity, relevance is the
// score, scaled to 0 to 1 over the best candidates, and similarity is the highest cosine of
// its vector and that of a passage before it. The candidates below the best keep their
// places.
func (r *run) diversify(ctx context.Context, candidates []candidate) ([]candidate, error) {
	best := r.best(candidates)
	if len(best) < 3 {
		return candidates, nil // the first one never changes
	}
	vectors, err := store.Vectors(ctx, r.deps.Store, idsOf(best))
	if err != nil {
		return nil, fmt.Errorf("read the vectors of %d passages: %w", len(best), err)
	}
	relevance := make([]float64, len(best))
	top, low := best[0].final, best[len(best)-1].final
	for i := range best {
		if top > low {
			relevance[i] = (best[i].final - low) / (top - low)
		}
	}
	order := marginal(relevance, vectors, float64(r.query.Diversity))
	for i := len(best); i < len(candidates); i++ {
		order = append(order, i)
	}
	return r.reorder(candidates, order), nil
}

// marginal returns the order by maximal marginal relevance. A vector that is nil resembles
// none. Of equal passages, the one that was better before comes first.
func marginal(relevance []float64, vectors []corpus.Vector, diversity float64) []int {
	order := make([]int, 0, len(relevance))
	left := make([]int, len(relevance))
	for i := range left {
		left[i] = i
	}
	similarity := make([]float64, len(relevance)) // to what is in the order
	for i := range similarity {
		similarity[i] = -1
	}
	for len(left) > 0 {
		next, most := 0, 0.0
		for at, i := range left {
			value := (1-diversity)*relevance[i] - diversity*similarity[i]
			if at == 0 || value > most {
				next, most = at, value
			}
		}
		chosen := left[next]
		order, left = append(order, chosen), append(left[:next], left[next+1:]...)
		for _, i := range left {
			if vectors[chosen] != nil && vectors[i] != nil {
				similarity[i] = max(similarity[i], float64(vector.DotFloat32(vectors[chosen], vectors[i])))
			}
		}
	}
	return order
}
