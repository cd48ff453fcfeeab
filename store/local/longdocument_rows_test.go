package local

import (
	"testing"
	"time"

	"dalil/corpus"
)

// One document of very many passages is few documents, but not few rows: to look each of them up
// in the postings takes hundreds of times as long as to add the postings.
func TestTheRowsOfALongDocumentAreNotLookedUp(t *testing.T) {
	document := func(id string, passages int) *record {
		r := &record{key: int64(len(id)), document: corpus.Document{ID: id}}
		for i := range passages {
			r.points = append(r.points, recordPoint{
				id: corpus.NewChunkID(id, "r", i), dense: corpus.Vector{1}, sparse: corpus.Sparse{Dimensions: []uint32{7}, Weights: []float32{1}},
			})
		}
		return r
	}
	records := []*record{document("a", 1), document("aa", 2000)}
	for n := 3; n < 500; n++ {
		records = append(records, document(string(make([]byte, n)), 1))
	}
	v := newView(build(1, records))
	terms := []asked{{span{0, uint32(len(v.ids))}, 1}}
	for id, want := range map[string]int{"a": 1, "aa": 0} {
		filter := &corpus.Filter{In: &corpus.In{Field: corpus.FieldDocumentID, Values: []string{id}}}
		if got := len(newPassing(&v, filter, time.Time{}, clauses{}).ready().fewRows(terms)); got != want {
			t.Errorf("document %s: %d rows are looked up, want %d", id, got, want)
		}
	}
}
