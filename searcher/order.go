package searcher

import (
	"context"
	"fmt"
	"slices"

	"dalil/corpus"
	"dalil/store"
)

// date orders all candidates by the publication of their documents. Those without a date
// come last. Passages of one moment keep their order.
func (r *run) date(ctx context.Context, candidates []candidate) ([]candidate, error) {
	published, err := store.Published(ctx, r.deps.Store, idsOf(candidates))
	if err != nil {
		return nil, fmt.Errorf("read the dates of %d passages: %w", len(candidates), err)
	}
	order := make([]int, len(candidates))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		a, b := published[i], published[j]
		switch {
		case a.IsZero() && b.IsZero():
			return 0
		case a.IsZero():
			return 1
		case b.IsZero():
			return -1
		case r.query.Order == corpus.NewestFirst:
			return b.Compare(a)
		}
		return a.Compare(b)
	})
	return r.reorder(candidates, order), nil
}
