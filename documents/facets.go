package documents

import (
	"cmp"
	"context"

	"dalil/corpus"
	"dalil/store"
)

// Facets counts the values of fields over all documents that a filter keeps and that have not
// expired. It also returns the number of these documents.
func (d *Documents) Facets(ctx context.Context, f corpus.Filter, requests []corpus.FacetRequest) (facets []corpus.Facet, total int, err error) {
	counts := make([]map[valueKey]*corpus.FacetValue, len(requests))
	for i := range counts {
		counts[i] = map[valueKey]*corpus.FacetValue{}
	}
	err = d.lender.Lend(func(x Index) error {
		return each(ctx, x.Store, f, func(record *store.Record) error {
			total++
			for i, r := range requests {
				for _, v := range r.Field.Values(&record.Document) {
					key := valueKey{v.Kind(), v.String()}
					if counts[i][key] == nil {
						counts[i][key] = &corpus.FacetValue{Value: v}
					}
					counts[i][key].Count++
				}
			}
			return nil
		})
	})
	if err != nil {
		return nil, 0, err
	}
	for i, r := range requests {
		values := make([]corpus.FacetValue, 0, len(counts[i]))
		for _, v := range counts[i] {
			values = append(values, *v)
		}
		facets = append(facets, corpus.Facet{
			Field: r.Field, Values: corpus.MostFrequent(values, cmp.Or(r.Limit, corpus.DefaultFacetValues)), Complete: true,
		})
	}
	return facets, total, nil
}

// valueKey identifies a value of a facet.
type valueKey struct {
	kind corpus.ValueKind
	text string
}
