package local

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// A list of the best keeps every item that is among them, however the scores are
// distributed, and few others.
func TestTheBestAreKept(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 200).Draw(t, "n")
		margin := rapid.SampledFrom([]float32{0, 0, 0.125}).Draw(t, "margin")
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		draw := rapid.SampledFrom([]func() float32{
			func() float32 { return float32(random.NormFloat64()) },
			func() float32 { return float32(1000 + random.Float64()/1000) },
			func() float32 { return float32(random.IntN(3)) - 1 },
			func() float32 { return float32(math.Exp(20 * random.NormFloat64())) },
			func() float32 { return 7 },
			func() float32 { return float32(math.Inf(random.IntN(2)*2 - 1)) },
		}).Draw(t, "distribution")
		var scores []float32
		best := new(topPool).get(n, margin)
		for range rapid.IntRange(1, 3000).Draw(t, "items") {
			scores = append(scores, draw())
			if item := (scored{uint32(len(scores) - 1), scores[len(scores)-1]}); item.score >= best.least {
				best.add(item)
			}
		}
		best.cut()
		all := make([]scored, len(scores))
		for i, x := range scores {
			all[i] = scored{uint32(i), x}
		}
		last := float32(math.Inf(-1))
		if len(all) >= n {
			last = nth(all, n-1)
		}
		kept := map[uint32]bool{}
		for _, item := range best.items {
			kept[item.row] = true
		}
		reaching := 0
		for i, x := range scores {
			if x >= last-margin {
				reaching++
				if !kept[uint32(i)] {
					t.Fatalf("item %d with the score %v is not kept; the last of the best has %v", i, x, last)
				}
			}
		}
		if margin == 0 && len(kept) > reaching+n/4 {
			t.Fatalf("%d items are kept, of which %d are among the best %d", len(kept), reaching, n)
		}
	})
}
