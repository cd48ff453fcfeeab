package local_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/internal/growth"
	"dalil/store"
)

// Where all passages are alike, a search orders by id those that it returns, and not all of the
// others too: that would take 100 times as long as a search of different passages, not 10 times.
func TestEqualPassagesTakeNoLonger(t *testing.T) {
	const passages, limit = 20_000, 100
	question := []store.ArmQuery{{Sparse: corpus.Sparse{Dimensions: []uint32{7}, Weights: []float32{1}}, Limit: limit}}
	searchOf := func(equal bool) func() {
		s := openSmall(t, t.TempDir())
		create(t, s)
		var ids []corpus.ChunkID
		entries := make([]store.Entry, passages)
		for i := range entries {
			e := smallEntry(fmt.Sprint("d", i), "1", 1)
			p := &e.Points[0]
			p.Sparse = corpus.Sparse{Dimensions: []uint32{7}, Weights: []float32{1}}
			if !equal {
				p.Sparse.Weights[0] += float32(i) / passages
			}
			entries[i], ids = e, append(ids, p.Chunk.ID)
		}
		put(t, s, entries...)
		slices.SortFunc(ids, corpus.ChunkID.Compare)
		return func() {
			found, err := s.Search(t.Context(), question)
			if err != nil {
				t.Fatal(err)
			}
			if len(found[0]) != limit {
				t.Fatalf("%d were found, want %d", len(found[0]), limit)
			}
			for i, h := range found[0] {
				if equal && h.ID != ids[i] {
					t.Fatalf("hit %d is not the one with the next lowest id", i)
				}
			}
		}
	}
	different, equal := searchOf(false), searchOf(true)
	growth.AtMost(t, "a search of equal passages, compared with one of different ones", 35, func() (_, _ time.Duration) {
		return growth.Fastest(20, different), growth.Fastest(20, equal)
	})
}

// Of equal passages, both arms return those with the lowest ids that are not deleted and that the
// filter keeps, in whatever segments they are.
func TestEqualPassagesAreOrderedByID(t *testing.T) {
	s := openSmall(t, t.TempDir())
	create(t, s)
	first, documents := smallEntry("d0", "1", 1).Points[0], map[string]store.Entry{}
	for range 5 {
		var entries []store.Entry
		for range 700 {
			e := smallEntry(fmt.Sprint("d", len(documents)), "1", 1+len(documents)%3)
			for i := range e.Points {
				e.Points[i].Dense, e.Points[i].Sparse = first.Dense, first.Sparse
			}
			entries, documents[e.Document.ID] = append(entries, e), e
		}
		put(t, s, entries...)
	}
	var gone []string
	for i := 0; i < len(documents); i += 4 {
		gone = append(gone, fmt.Sprint("d", i))
	}
	if err := s.Delete(t.Context(), gone); err != nil {
		t.Fatal(err)
	}
	for _, id := range gone {
		delete(documents, id)
	}
	for _, filter := range []corpus.Filter{{}, {In: &corpus.In{Field: corpus.FieldTag, Values: []string{"3"}}}} {
		var want []corpus.ChunkID
		for _, e := range documents {
			if filter.Match(&e.Document) {
				for i := range e.Points {
					want = append(want, e.Points[i].Chunk.ID)
				}
			}
		}
		slices.SortFunc(want, corpus.ChunkID.Compare)
		for _, limit := range []int{1, 10, 200, 3000, 10_000} {
			found, err := s.Search(t.Context(), []store.ArmQuery{
				{Dense: first.Dense, Limit: limit, Filter: filter, Union: true}, {Sparse: first.Sparse, Limit: limit, Filter: filter, Union: true},
			})
			if err != nil {
				t.Fatal(err)
			}
			for arm := range found {
				if len(found[arm]) != min(limit, len(want)) {
					t.Fatalf("arm %d, limit %d: %d hits of %d", arm, limit, len(found[arm]), len(want))
				}
				for i, h := range found[arm] {
					if h.ID != want[i] {
						t.Fatalf("arm %d, limit %d: hit %d is another one", arm, limit, i)
					}
				}
			}
		}
	}
}
