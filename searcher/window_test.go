package searcher

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"dalil/lexical"
)

// The best stretch is what trying every stretch finds.
func TestTheBestWindowIsTheBestOfAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		groups := make([]lexical.Group, rapid.IntRange(1, 5).Draw(t, "words"))
		for i := range groups {
			groups[i].IDF = rapid.Float64Range(0, 5).Draw(t, "idf")
		}
		w := newWindows(groups)
		for range 2 { // the second passage meets the memory of the first
			var found []lexical.Place
			at := -1010
			for range rapid.IntRange(0, 30).Draw(t, "places") {
				at += rapid.IntRange(0, 15).Draw(t, "step")
				found = append(found, lexical.Place{
					At: at, Word: rapid.IntRange(0, len(groups)-1).Draw(t, "word"), Share: rapid.Float32Range(.01, 1).Draw(t, "share"),
				})
			}
			if got, want := w.best(found), bestOfAll(groups, found); math.Abs(float64(got-want)) > 1e-5 {
				t.Fatalf("the best stretch of %v with weights %v holds %v, want %v", found, groups, got, want)
			}
		}
	})
}

func bestOfAll(groups []lexical.Group, found []lexical.Place) float32 {
	var all, best float64
	for _, g := range groups {
		all += g.IDF
	}
	for _, first := range found {
		shares := make([]float64, len(groups))
		for _, p := range found {
			if p.At >= first.At && p.At < first.At+windowWords {
				shares[p.Word] = max(shares[p.Word], float64(p.Share))
			}
		}
		var sum float64
		for i, share := range shares {
			sum += share * groups[i].IDF
		}
		if all > 0 {
			best = max(best, sum/all)
		}
	}
	return float32(best)
}
