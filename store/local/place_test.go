package local

import (
	"fmt"
	"slices"
	"testing"

	"dalil/corpus"
)

// Documents of one passage and of thousands, in any order, have the places that are found one by
// one, before and after a merge. Every passage is found, and no other one.
func TestPassagesOfLongDocumentsAreFound(t *testing.T) {
	var records []*record
	for i := range 600 {
		r := &record{key: int64(i + 1), document: corpus.Document{ID: fmt.Sprint("d", i)}}
		passages := 1 + i%20
		if i%200 == 100 {
			passages = 1500 + i
		}
		for k := range passages {
			r.points = append(r.points, recordPoint{id: corpus.NewChunkID(r.document.ID, "r", k), dense: corpus.Vector{1}})
		}
		records = append(records, r)
	}
	whole := build(1, records)
	merged := merge([]view{newView(build(1, records[:250])).without(100, 7), newView(build(1, records[250:]))}, nil)
	for name, s := range map[string]*segment{"built": whole, "merged": merged} {
		table := make([]uint32, len(s.table))
		for row, id := range s.ids {
			at := idHash(id) & uint32(len(table)-1)
			for table[at] != 0 {
				at = (at + 1) & uint32(len(table)-1)
			}
			table[at] = uint32(row) + 1
		}
		if !slices.Equal(table, s.table) {
			t.Errorf("%s: other places", name)
		}
		for row, id := range s.ids {
			if got, found := s.row(id); !found || got != uint32(row) {
				t.Fatalf("%s: passage %d: row %d, %v", name, row, got, found)
			}
		}
		for _, id := range []corpus.ChunkID{
			corpus.NewChunkID("d100", "other", 3), corpus.NewChunkID("d100", "r", 1600), corpus.NewChunkID("d599", "r", 20),
			corpus.NewChunkID("d300", "r", corpus.MaxChunks-1), corpus.NewChunkID("none", "r", 0),
		} {
			if row, found := s.row(id); found {
				t.Errorf("%s: passage %v is in row %d", name, id, row)
			}
		}
		for i := range 3000 {
			if row, found := s.row(corpus.NewChunkID(fmt.Sprint("missing", i), "r", 0)); found {
				t.Fatalf("%s: missing passage %d is in row %d", name, i, row)
			}
		}
	}
}
