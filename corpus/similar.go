package corpus

import (
	"cmp"
	"fmt"
)

// MaxSimilarBytes is the largest text of a [SimilarQuery].
const MaxSimilarBytes = 32 << 10

// SimilarQuery asks for passages that are like a document, a passage or a text.
// Exactly one of DocumentID, Passage and Text is set.
type SimilarQuery struct {
	DocumentID string
	Passage    *ChunkID
	Text       string

	Limit       int // number of passages; 0: 10
	Offset      int // number of passages to skip, for paging
	Filter      Filter
	MinDense    *float32 // lowest cosine similarity, -1 to 1
	PerDocument int      // passages of one document, at most; 0: 1
	View        View
}

// Violations returns everything that is wrong with a query, as [Query.Violations]
// does.
func (q *SimilarQuery) Violations(limits Limits) []Violation {
	var all []Violation
	set := 0
	for _, is := range []bool{q.DocumentID != "", q.Passage != nil, q.Text != ""} {
		if is {
			set++
		}
	}
	switch {
	case set != 1:
		all = append(all, Violation{Field: "like", Description: fmt.Sprintf("must set exactly one of document_id, passage_id and text, sets %d", set)})
	case q.DocumentID != "":
		all = append(all, IDViolations("document_id", q.DocumentID, cmp.Or(limits.DocumentIDBytes, MaxIDBytes))...)
	case len(q.Text) > cmp.Or(limits.SimilarBytes, MaxSimilarBytes):
		all = append(all, TooLong("text", len(q.Text), cmp.Or(limits.SimilarBytes, MaxSimilarBytes)))
	case q.Text != "":
		for _, v := range questionViolations(q.Text) {
			v.Field = "text"
			all = append(all, v)
		}
	}
	if q.PerDocument < 0 || q.PerDocument > MaxPerDocument {
		all = append(all, Outside("passages_per_document", fmt.Sprintf("1 to %d", MaxPerDocument), fmt.Sprint(q.PerDocument)))
	}
	page := Query{Text: "x", Limit: q.Limit, Offset: q.Offset, Filter: q.Filter, MinDense: q.MinDense}
	return append(all, page.Violations(limits)...)
}
