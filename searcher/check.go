package searcher

import "dalil/corpus"

// checked fills in defaults and refuses what can't be asked. Sizes that only a
// server limits (bytes, page size) are the server's to check.
func checked(q corpus.Query) (corpus.Query, error) {
	if wrong := q.Violations(corpus.Limits{}); len(wrong) > 0 {
		return q, &corpus.InvalidError{Violations: wrong}
	}
	if q.Limit == 0 {
		q.Limit = 10
	}
	return q, nil
}
