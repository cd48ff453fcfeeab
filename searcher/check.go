package searcher

import "dalil/corpus"

// checked adds the defaults to a query and returns an error if it is invalid. The
// server checks limits of its own (bytes, page size).
func checked(q corpus.Query) (corpus.Query, error) {
	if wrong := q.Violations(corpus.Limits{}); len(wrong) > 0 {
		return q, &corpus.InvalidError{Violations: wrong}
	}
	if q.Limit == 0 {
		q.Limit = 10
	}
	return q, nil
}
