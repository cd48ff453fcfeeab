package searcher

import (
	"cmp"
	"context"
	"fmt"

	"dalil/corpus"
	"dalil/store"
)

// count counts the documents of the candidates by the values of each facet. Where no arm
// found as many passages as it returns at most, the candidates are all that was found.
func (r *run) count(ctx context.Context, candidates []candidate) ([]candidate, error) {
	fields := make([]corpus.FacetField, len(r.query.Facets))
	for i, f := range r.query.Facets {
		fields[i] = f.Field
	}
	counted, err := store.CountFacets(ctx, r.deps.Store, idsOf(candidates), fields)
	if err != nil {
		return nil, fmt.Errorf("count %d facets: %w", len(fields), err)
	}
	r.facets = make([]corpus.Facet, len(fields))
	for i, f := range r.query.Facets {
		r.facets[i] = corpus.Facet{
			Field: f.Field, Values: corpus.MostFrequent(counted[i], cmp.Or(f.Limit, corpus.DefaultFacetValues)), Complete: r.whole,
		}
	}
	return candidates, nil
}
