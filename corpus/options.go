package corpus

import (
	"fmt"
	"time"
)

// Recency raises passages of new documents and lowers those of old ones: how much a
// passage counts is multiplied by 1 + Weight · (2 · 2^(−age/HalfLife) − 1). So the age of
// one half-life changes nothing, a Weight of 0 neither, and with a Weight of 1 each
// half-life halves it.
type Recency struct {
	HalfLife time.Duration
	Weight   float32 // 0 to 1
}

// DefaultRecencyWeight is the weight of a recency that sets none.
const DefaultRecencyWeight = 0.5

// Bounds of the options of a query.
const (
	MinHalfLife    = time.Second
	MaxHalfLife    = 100 * 365 * 24 * time.Hour
	MaxPerDocument = 10 // passages of one document in a grouped answer
)

// Order is the order of the passages of an answer.
type Order uint8

// The orders.
const (
	ByRelevance Order = iota // the default
	NewestFirst              // by publication; documents without a date come last
	OldestFirst              // by publication; documents without a date come last
)

// optionViolations returns what is wrong with the options that arrange an answer.
func (q *Query) optionViolations() []Violation {
	var all []Violation
	outside := func(field, limit string, got any) { all = append(all, Outside(field, limit, fmt.Sprint(got))) }
	if d := q.Diversity; !(d >= 0 && d <= 1) { // NaN is outside every range
		outside("diversity", "0 to 1", d)
	}
	if r := q.Recency; r != nil {
		if r.HalfLife < MinHalfLife || r.HalfLife > MaxHalfLife {
			outside("recency.half_life", fmt.Sprintf("%ds to %ds", int(MinHalfLife.Seconds()), int64(MaxHalfLife.Seconds())), fmt.Sprintf("%gs", r.HalfLife.Seconds()))
		}
		if !(r.Weight >= 0 && r.Weight <= 1) {
			outside("recency.weight", "0 to 1", r.Weight)
		}
	}
	if q.PerDocument < 0 || q.PerDocument > MaxPerDocument {
		outside("group_by.passages_per_document", fmt.Sprintf("1 to %d", MaxPerDocument), q.PerDocument)
	}
	if q.Order > OldestFirst {
		outside("order_by", "RELEVANCE, NEWEST or OLDEST", q.Order)
	}
	if q.Order != ByRelevance && q.Diversity != 0 {
		all = append(all, Violation{Field: "diversity", Description: "must not be set together with an order_by of NEWEST or OLDEST, which sets the whole order"})
	}
	if q.Order != ByRelevance && q.Recency != nil {
		all = append(all, Violation{Field: "recency", Description: "must not be set together with an order_by of NEWEST or OLDEST, which sets the whole order"})
	}
	return append(all, facetViolations(q.Facets)...)
}

func facetViolations(facets []FacetRequest) []Violation {
	if n := len(facets); n > MaxFacets {
		return []Violation{{
			Field: "facets", Description: fmt.Sprintf("must have at most %d facets, has %d", MaxFacets, n), Limit: fmt.Sprint(MaxFacets), Got: fmt.Sprint(n),
		}}
	}
	var all []Violation
	for i, f := range facets {
		if f.Limit < 0 || f.Limit > MaxFacetValues {
			all = append(all, Outside(fmt.Sprintf("facets[%d].limit", i), fmt.Sprintf("1 to %d", MaxFacetValues), fmt.Sprint(f.Limit)))
		}
	}
	return all
}
