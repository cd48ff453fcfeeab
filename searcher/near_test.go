package searcher

import (
	"testing"

	"pgregory.net/rapid"

	"dalil/lexical"
)

// The density is that of the shortest of all sections that have every matched word.
func TestTheDensityIsThatOfTheShortestSection(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		groups := make([]lexical.Group, rapid.IntRange(1, 4).Draw(t, "words"))
		m := newMeasuring(groups)
		for range 2 { // the second passage meets the memory of the first
			var found []lexical.Place
			at := -1010
			for range rapid.IntRange(0, 20).Draw(t, "places") {
				at += rapid.IntRange(0, 15).Draw(t, "step")
				found = append(found, lexical.Place{
					At: at, Word: rapid.IntRange(0, len(groups)-1).Draw(t, "word"), Share: rapid.SampledFrom([]float32{.2, sure, 1}).Draw(t, "share"),
				})
			}
			if got, want := m.narrowest(found), densityOf(found); got != want {
				t.Fatalf("the density of %v is %v, want %v", found, got, want)
			}
		}
	})
}

func densityOf(found []lexical.Place) float32 {
	matched := func(from, to int) int {
		words := map[int]bool{}
		for _, p := range found[from:to] {
			if p.Share >= sure {
				words[p.Word] = true
			}
		}
		return len(words)
	}
	all, width := matched(0, len(found)), 0
	for from := range found {
		for to := from + 1; to <= len(found); to++ {
			if n := found[to-1].At - found[from].At + 1; matched(from, to) == all && (width == 0 || n < width) {
				width = n
			}
		}
	}
	if all == 0 {
		return 0
	}
	return float32(all) / float32(max(width, all))
}
