package training

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// Two batches of 32 take all but six pairs of a file with 70, which are fewer than a quarter of a
// batch. They share a batch with the rest of the other files. The last eight of 40 pairs have
// their own.
func TestBatchesByFile(t *testing.T) {
	var order []example
	for file, pairs := range map[string]int{"large": 70, "small": 5, "even": 64, "middle": 40} {
		for i := range pairs {
			order = append(order, example{origin: file, source: []int32{int32(len(order))}, term: i%2 == 0})
		}
	}
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	batches := byFile(rand.New(rand.NewPCG(3, 4)), order, 32)

	seen := map[int32]bool{}
	shapes := map[string]int{}
	for _, batch := range batches {
		files := map[string]int{}
		for _, e := range batch {
			if seen[e.source[0]] {
				t.Fatalf("pair %d is in two batches", e.source[0])
			}
			seen[e.source[0]] = true
			files[e.origin]++
		}
		shapes[fmt.Sprint(files)]++
	}
	if len(seen) != len(order) {
		t.Errorf("the batches have %d of %d pairs", len(seen), len(order))
	}
	for shape, want := range map[string]int{"map[large:32]": 2, "map[even:32]": 2, "map[middle:32]": 1, "map[middle:8]": 1, "map[large:6 small:5]": 1} {
		if shapes[shape] != want {
			t.Errorf("%d batches are %s, not %d: all are %v", shapes[shape], shape, want, shapes)
		}
	}
}
