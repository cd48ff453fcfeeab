package local_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"dalil/corpus"
	"dalil/store"
)

// TestFrequenciesWhileTheIndexGrows looks up every dimension after each of many writes,
// beyond the size for which an index is prepared at first, and after it is opened again.
func TestFrequenciesWhileTheIndexGrows(t *testing.T) {
	dir := t.TempDir()
	s := openSmall(t, dir)
	create(t, s)
	random := rand.New(rand.NewPCG(5, 5))
	want := map[uint32]int{}
	check := func() {
		t.Helper()
		v, err := s.Vocabulary(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var dimensions []uint32
		for d := range want {
			dimensions = append(dimensions, d, random.Uint32())
		}
		got := make([]int, len(dimensions))
		v.(store.BatchVocabulary).Frequencies(dimensions, got)
		for i, d := range dimensions {
			if got[i] != want[d] {
				t.Fatalf("frequency of %d: got %d, want %d, of %d dimensions", d, got[i], want[d], len(want))
			}
		}
	}
	for i := range 12 {
		e := smallEntry(fmt.Sprint("d", i), "1", 1)
		weights := map[uint32]float32{7: 1}
		for len(weights) < 3000 {
			weights[random.Uint32()] = 1
		}
		e.Points[0].Sparse = sorted(weights)
		for d := range weights {
			want[d]++
		}
		put(t, s, e)
		check()
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openSmall(t, dir)
	check()
	hits, err := s.Search(t.Context(), []store.ArmQuery{{Sparse: corpus.Sparse{Dimensions: []uint32{7}, Weights: []float32{1}}, Limit: 20}})
	if err != nil || len(hits[0]) != 12 {
		t.Fatalf("%d hits of 12, error %v", len(hits[0]), err)
	}
}
