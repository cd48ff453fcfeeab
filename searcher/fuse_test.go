package searcher

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"dalil/corpus"
	"dalil/store"
)

// given is the signal of candidates with these scores; NaN stands for "has none".
func given(weight float64, scores ...float32) signal {
	candidates := make([]candidate, len(scores))
	for i := range scores {
		if scores[i] == scores[i] {
			candidates[i].scores.Dense = &scores[i]
		}
	}
	return new(memory).armSignal(candidates, corpus.Dense, weight)
}

var none = float32(math.NaN())

func TestMixByHand(t *testing.T) {
	for _, test := range []struct {
		name    string
		signals []signal
		want    []float64
	}{
		{"one arm", []signal{given(1, 3, 1)}, []float64{1, -1}},
		{"weights", []signal{given(2, 3, 1), given(1, 10, 30)}, []float64{1, -1}},
		{"a missing score is the lowest", []signal{given(1, 5, none, 1)}, []float64{
			(5 - 7./3) / math.Sqrt(32./9), (1 - 7./3) / math.Sqrt(32./9), (1 - 7./3) / math.Sqrt(32./9),
		}},
		{"an empty arm adds nothing", []signal{given(1, 3, 1), given(1, none, none)}, []float64{1, -1}},
		{"equal scores add nothing", []signal{given(1, 3, 1), given(1, 7, 7)}, []float64{1, -1}},
		{"one candidate", []signal{given(1, 3), given(1, 4)}, []float64{0}},
		{"no candidates", []signal{given(1)}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := new(memory).mix(len(test.want), test.signals...)
			for i := range test.want {
				if math.Abs(got[i]-test.want[i]) > 1e-9 {
					t.Errorf("mix = %v, want %v", got, test.want)
				}
			}
		})
	}
}

// Whatever the numbers, the mix is finite, does not depend on the arms' units,
// and never ranks a candidate below one that no arm prefers to it.
func TestMixProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 1000).Draw(t, "n")
		// Eighths stay exact in both units: what two scores differ by is never lost in rounding.
		score := rapid.Map(rapid.IntRange(-800, 800), func(i int) float32 { return float32(i) / 8 })
		a := rapid.SliceOfN(score, n, n).Draw(t, "a")
		b := rapid.SliceOfN(score, n, n).Draw(t, "b")
		scaled := make([]float32, n)
		for i := range b {
			scaled[i] = b[i]*8 + 3
		}
		sums, again := new(memory).mix(n, given(.5, a...), given(.5, b...)), new(memory).mix(n, given(.5, a...), given(.5, scaled...))
		for i := range sums {
			if math.IsNaN(sums[i]) || math.IsInf(sums[i], 0) {
				t.Fatalf("mix[%d] = %v", i, sums[i])
			}
			if math.Abs(sums[i]-again[i]) > 1e-3 {
				t.Fatalf("mix[%d] = %v, and %v when one arm counts in other units", i, sums[i], again[i])
			}
		}
		i, j := rapid.IntRange(0, n-1).Draw(t, "i"), rapid.IntRange(0, n-1).Draw(t, "j")
		if a[i] >= a[j] && b[i] >= b[j] && sums[i] < sums[j]-1e-9 {
			t.Fatalf("candidate %d is better in both arms than %d and ranks below it", i, j)
		}
	})
}

func TestRRFByHand(t *testing.T) {
	candidates := make([]candidate, 3)
	for i, ranks := range [][2]int{{1, 2}, {0, 1}, {2, 0}} {
		candidates[i] = candidate{
			hit:    store.Hit{ID: corpus.NewChunkID("d", "r", i)},
			scores: corpus.Scores{DenseRank: ranks[0], LexicalRank: ranks[1]},
		}
	}
	got := rrf(candidates, 0, 1, 2)
	want := []float64{1./61 + 2./62, 2. / 61, 1. / 62}
	for i := range want {
		if math.Abs(got[i]-want[i]) > 1e-12 {
			t.Errorf("rrf = %v, want %v", got, want)
		}
	}
}
