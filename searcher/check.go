package searcher

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"dalil/corpus"
)

// maxNeighbours bounds the context on each side of a passage.
const maxNeighbours = 5

// checked fills in defaults and refuses what can't be asked. Sizes that only a
// server limits (bytes, page size) are the server's to check.
func checked(q corpus.Query) (corpus.Query, error) {
	var bad corpus.InvalidError
	refuse := func(field, format string, args ...any) {
		bad.Violations = append(bad.Violations, corpus.Violation{Field: field, Description: fmt.Sprintf(format, args...)})
	}
	if strings.TrimSpace(q.Text) == "" {
		refuse("query", "is empty")
	}
	if !utf8.ValidString(q.Text) {
		refuse("query", "is not valid UTF-8")
	}
	if q.Limit == 0 {
		q.Limit = 10
	}
	if q.Limit < 0 {
		refuse("page_size", "must not be negative, is %d", q.Limit)
	}
	if q.Offset < 0 {
		refuse("offset", "must not be negative, is %d", q.Offset)
	}
	if q.Neighbours < 0 || q.Neighbours > maxNeighbours {
		refuse("neighbours", "must be 0 to %d, is %d", maxNeighbours, q.Neighbours)
	}
	if q.Effort < 0 {
		refuse("effort", "must not be negative, is %d", q.Effort)
	}
	for _, arm := range q.Arms {
		if arm != corpus.Dense && arm != corpus.Lexical {
			refuse("arms", "%d is unknown; use dense or lexical", arm)
		}
	}
	within := func(field string, v *float32, low, high float32) {
		if v != nil && !(*v >= low && *v <= high) {
			refuse(field, "must be %g to %g, is %g", low, high, *v)
		}
	}
	within("min_dense_similarity", q.MinDense, -1, 1)
	within("min_lexical_coverage", q.MinCoverage, 0, 1)
	if q.Fusion.Method > corpus.RRF {
		refuse("fusion.method", "%d is neither mix nor rrf", q.Fusion.Method)
	}
	if q.Fusion.K < 0 {
		refuse("fusion.k", "must not be negative, is %d", q.Fusion.K)
	}
	within("fusion.dense_weight", q.Fusion.DenseWeight, 0, corpus.MaxWeight)
	within("fusion.lexical_weight", q.Fusion.LexicalWeight, 0, corpus.MaxWeight)
	if d, l := q.Fusion.DenseWeight, q.Fusion.LexicalWeight; d != nil && l != nil && *d == 0 && *l == 0 {
		refuse("fusion", "both weights are 0")
	}
	if len(bad.Violations) > 0 {
		return q, &bad
	}
	return q, q.Filter.Validate(math.MaxInt)
}
