package standin

import (
	"cmp"
	"context"
	"slices"
	"strings"

	sdk "github.com/qdrant/go-client/qdrant"
)

// Scroll lists points by rising id, or by a number.
func (p points) Scroll(_ context.Context, r *sdk.ScrollPoints) (*sdk.ScrollResponse, error) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	c, err := p.find(r.GetCollectionName())
	if err != nil {
		return nil, err
	}
	if err := c.checkFilter(r.GetFilter()); err != nil {
		return nil, err
	}
	found, err := c.matching(r.GetFilter())
	if err != nil {
		return nil, err
	}
	limit := int(r.GetLimit())
	if limit == 0 {
		limit = 10
	}
	answer := &sdk.ScrollResponse{}
	if order := r.GetOrderBy(); order != nil {
		if kind, indexed := c.indexed[order.GetKey()]; !indexed || kind != sdk.FieldType_FieldTypeInteger {
			return nil, invalid("No range index for `order_by` key: `%s`", order.GetKey())
		}
		found = ordered(found, order)
	} else if from := r.GetOffset().GetUuid(); from != "" {
		at, _ := slices.BinarySearchFunc(found, from, func(one *point, id string) int { return strings.Compare(one.id, id) })
		found = found[at:]
	}
	if len(found) > limit {
		if r.GetOrderBy() == nil {
			answer.NextPageOffset = pointID(found[limit].id)
		}
		found = found[:limit]
	}
	for _, one := range found {
		answer.Result = append(answer.Result, one.show(r.GetWithPayload(), r.GetWithVectors()))
	}
	return answer, nil
}

// ordered lists the points that have the key by it. The server compares the start
// as a float64; which of equal ones come first is not promised.
func ordered(found []*point, order *sdk.OrderBy) []*point {
	key, falling := order.GetKey(), order.GetDirection() == sdk.Direction_Desc
	number := func(p *point) int64 { return p.payload[key].GetIntegerValue() }
	found = slices.DeleteFunc(found, func(p *point) bool {
		if _, has := p.payload[key].GetKind().(*sdk.Value_IntegerValue); !has {
			return true
		}
		start, is := order.GetStartFrom().GetValue().(*sdk.StartFrom_Integer)
		return is && (!falling && float64(number(p)) < float64(start.Integer) || falling && float64(number(p)) > float64(start.Integer))
	})
	slices.SortStableFunc(found, func(a, b *point) int {
		rising := cmp.Or(cmp.Compare(number(a), number(b)), strings.Compare(backwards(a.id), backwards(b.id)))
		if falling {
			return -rising
		}
		return rising
	})
	return found
}

// Count counts.
func (p points) Count(_ context.Context, r *sdk.CountPoints) (*sdk.CountResponse, error) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	c, err := p.find(r.GetCollectionName())
	if err != nil {
		return nil, err
	}
	found, err := c.matching(r.GetFilter())
	return &sdk.CountResponse{Result: &sdk.CountResult{Count: uint64(len(found))}}, err
}

// Facet counts points by the values of a keyword.
func (p points) Facet(_ context.Context, r *sdk.FacetCounts) (*sdk.FacetResponse, error) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	c, err := p.find(r.GetCollectionName())
	if err != nil {
		return nil, err
	}
	if kind, indexed := c.indexed[r.GetKey()]; !indexed || kind != sdk.FieldType_FieldTypeKeyword {
		return nil, invalid("Can't facet on %s: no appropriate index", r.GetKey())
	}
	found, err := c.matching(r.GetFilter())
	if err != nil {
		return nil, err
	}
	counts := map[string]uint64{}
	for _, one := range found {
		for _, v := range values(one.payload, r.GetKey()) {
			counts[v.GetStringValue()]++
		}
	}
	answer := &sdk.FacetResponse{}
	for value, n := range counts {
		answer.Hits = append(answer.Hits, &sdk.FacetHit{Value: sdk.NewFacetValue(value), Count: n})
	}
	slices.SortFunc(answer.Hits, func(a, b *sdk.FacetHit) int {
		return cmp.Or(cmp.Compare(b.GetCount(), a.GetCount()), strings.Compare(a.GetValue().GetStringValue(), b.GetValue().GetStringValue()))
	})
	answer.Hits = answer.Hits[:min(len(answer.Hits), int(r.GetLimit()))]
	return answer, nil
}
