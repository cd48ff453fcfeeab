package corpus

import (
	"fmt"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Violations returns everything that is wrong with a query, in the order of its
// fields, or nothing if the query is valid. Fields have the names of the wire. A
// limit of 0 does not apply, except for neighbours, of which there are at most
// [MaxNeighbours].
func (q *Query) Violations(limits Limits) []Violation {
	var all []Violation
	refuse := func(field, description string) { all = append(all, Violation{Field: field, Description: description}) }
	between := func(field string, n, low, high int) {
		switch {
		case n >= low && n <= high:
		case high == math.MaxInt:
			all = append(all, Outside(field, fmt.Sprintf("at least %d", low), fmt.Sprint(n)))
		default:
			all = append(all, Outside(field, fmt.Sprintf("%d to %d", low, high), fmt.Sprint(n)))
		}
	}
	within := func(field string, v *float32, low, high float32) {
		if v != nil && !(*v >= low && *v <= high) { // NaN is outside every range
			all = append(all, Outside(field, fmt.Sprintf("%g to %g", low, high), fmt.Sprintf("%g", *v)))
		}
	}
	most := func(n int) int {
		if n == 0 {
			return math.MaxInt
		}
		return n
	}
	if len(q.Text) > most(limits.QueryBytes) {
		all = append(all, TooLong("query", len(q.Text), limits.QueryBytes))
	} else {
		all = append(all, questionViolations(q.Text)...)
	}
	all = append(all, historyViolations(q.History, limits)...)
	if q.Limit != 0 {
		between("page_size", q.Limit, 1, most(limits.PageSize))
	}
	if q.Offset < 0 {
		between("offset", q.Offset, 0, math.MaxInt)
	}
	neighbours := MaxNeighbours
	if limits.Neighbours != 0 {
		neighbours = limits.Neighbours
	}
	between("neighbours", q.Neighbours, 0, neighbours)
	if q.Effort != 0 {
		between("effort", q.Effort, 1, MaxEffort)
	}
	within("min_dense_similarity", q.MinDense, -1, 1)
	within("min_lexical_coverage", q.MinCoverage, 0, 1)
	for i, arm := range q.Arms {
		if arm != Dense && arm != Lexical {
			refuse(fmt.Sprintf("arms[%d]", i), fmt.Sprintf("must be DENSE or LEXICAL, is %d", arm))
		}
	}
	if q.Fusion.Method > RRF {
		refuse("fusion.method", fmt.Sprintf("must be MIX or RRF, is %d", q.Fusion.Method))
	}
	within("fusion.dense_weight", q.Fusion.DenseWeight, 0, MaxWeight)
	within("fusion.lexical_weight", q.Fusion.LexicalWeight, 0, MaxWeight)
	if d, l := q.Fusion.DenseWeight, q.Fusion.LexicalWeight; d != nil && l != nil && *d == 0 && *l == 0 {
		refuse("fusion", "both weights are 0")
	}
	if q.Fusion.K != 0 {
		between("fusion.k", q.Fusion.K, 1, MaxFusionK)
	}
	all = append(all, q.optionViolations()...)
	return append(all, q.Filter.Violations(limits)...)
}

// questionViolations returns why a text is not a valid question.
func questionViolations(text string) []Violation {
	refused := func(why string) []Violation { return []Violation{{Field: "query", Description: why}} }
	switch {
	case strings.TrimSpace(text) == "":
		return refused("is empty")
	case !utf8.ValidString(text):
		return refused("is not valid UTF-8")
	case !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsSymbol(r) }):
		return refused("has no letter, digit or symbol")
	}
	return nil
}

// Violations returns what is wrong with a filter: the first clause that
// [Filter.Validate] refuses, or its size. A limit of 0 does not apply.
func (f Filter) Violations(limits Limits) []Violation {
	clauses := math.MaxInt
	if limits.FilterClauses > 0 {
		clauses = limits.FilterClauses
	}
	if err := f.Validate(clauses); err != nil {
		if invalid, ok := err.(*InvalidError); ok {
			return invalid.Violations
		}
		return []Violation{{Field: "filter", Description: err.Error()}}
	}
	if n := f.Bytes(); limits.FilterBytes > 0 && n > limits.FilterBytes {
		return []Violation{TooLong("filter", n, limits.FilterBytes)}
	}
	return nil
}
