package local_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/store"
)

// Where all passages are alike, a search orders by id those that it returns, and not all of the
// others too: that would take 100 times as long as a search of different passages, not 10 times.
func TestEqualPassagesTakeNoLonger(t *testing.T) {
	if cpuTime() == 0 {
		t.Skip("the processor time of a process is not known here")
	}
	const passages, limit = 20_000, 100
	question := []store.ArmQuery{{Sparse: corpus.Sparse{Dimensions: []uint32{7}, Weights: []float32{1}}, Limit: limit}}
	measure := func(equal bool) (took time.Duration) {
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
		for round := range 20 {
			before := cpuTime()
			found, err := s.Search(t.Context(), question)
			if err != nil {
				t.Fatal(err)
			}
			if spent := cpuTime() - before; round == 0 || spent < took {
				took = spent
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
		return took
	}
	if different, equal := measure(false), measure(true); equal > 35*different {
		t.Errorf("a search takes %v, and %v where all passages are equal", different, equal)
	}
}
