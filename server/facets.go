package server

import (
	"context"
	"fmt"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/proto/value"
)

// facets translates requests for facets. Its errors are InvalidErrors.
func facets(wire []*dalilv1.FacetRequest) ([]corpus.FacetRequest, error) {
	if len(wire) > corpus.MaxFacets {
		return make([]corpus.FacetRequest, len(wire)), nil // the check refuses their number
	}
	wrong := &corpus.InvalidError{}
	var all []corpus.FacetRequest
	for i, f := range wire {
		field, problem := corpus.ParseFacetField(f.GetField())
		if problem != "" {
			wrong.Violations = append(wrong.Violations, corpus.Violation{
				Field: fmt.Sprintf("facets[%d].field", i), Description: problem,
				Limit: corpus.FacetFields, Got: fmt.Sprintf("%.80q", f.GetField()),
			})
		}
		all = append(all, corpus.FacetRequest{Field: field, Limit: int(f.GetLimit())})
		if f.Limit != nil && *f.Limit == 0 { // what is left out has a default
			wrong.Violations = append(wrong.Violations, corpus.Outside(fmt.Sprintf("facets[%d].limit", i), fmt.Sprintf("1 to %d", corpus.MaxFacetValues), "0"))
		}
	}
	if len(wrong.Violations) > 0 {
		return nil, wrong
	}
	return all, nil
}

func toFacets(from []corpus.Facet) []*dalilv1.Facet {
	var to []*dalilv1.Facet
	for _, f := range from {
		facet := &dalilv1.Facet{Field: valid(f.Field.String()), Complete: f.Complete}
		for _, v := range f.Values {
			facet.Values = append(facet.Values, &dalilv1.FacetValue{Value: value.To(v.Value), Count: int32(v.Count)})
		}
		to = append(to, facet)
	}
	return to
}

// ListFacets counts the values of fields over the whole index.
func (s *documentService) ListFacets(ctx context.Context, req *dalilv1.ListFacetsRequest) (*dalilv1.ListFacetsResponse, error) {
	f, err := filterOf(req.GetFilter())
	if err != nil {
		return nil, err
	}
	requests, err := facets(req.GetFacets())
	if err != nil {
		return nil, err
	}
	if len(requests) == 0 {
		for _, kind := range []corpus.FacetKind{corpus.FacetLanguage, corpus.FacetSource, corpus.FacetAuthor, corpus.FacetTag, corpus.FacetYear} {
			requests = append(requests, corpus.FacetRequest{Field: corpus.FacetField{Kind: kind}})
		}
	}
	found, total, err := s.deps.Documents.Facets(ctx, f, requests)
	if err != nil {
		return nil, err
	}
	answer := &dalilv1.ListFacetsResponse{Facets: toFacets(found), TotalSize: toCount(total)}
	answer.Facets = answer.Facets[:fits(answer.Facets)]
	return answer, nil
}

func (c *checker) listFacets(req *dalilv1.ListFacetsRequest) {
	if n := len(req.GetFacets()); n > corpus.MaxFacets {
		c.outside("facets", fmt.Sprintf("at most %d", corpus.MaxFacets), fmt.Sprint(n))
	}
	requests, err := facets(req.GetFacets())
	if invalid, is := err.(*corpus.InvalidError); is {
		c.violations = append(c.violations, invalid.Violations...)
	}
	for i, r := range requests {
		if r.Limit < 0 || r.Limit > corpus.MaxFacetValues {
			c.outside(fmt.Sprintf("facets[%d].limit", i), fmt.Sprintf("1 to %d", corpus.MaxFacetValues), fmt.Sprint(r.Limit))
		}
	}
	c.filter(req.GetFilter())
}
