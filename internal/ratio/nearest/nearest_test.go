package nearest_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"dalil/corpus"
	"dalil/internal/ratio/nearest"
)

// alike returns n vectors that are nearly equal, so that products in float32 do not order
// them as those in float64 do. Each fifth one is repeated with another length.
func alike(random *rand.Rand, n, width int) (all []corpus.Vector) {
	middle := make(corpus.Vector, width)
	for i := range middle {
		middle[i] = float32(random.NormFloat64())
	}
	for len(all) < n {
		v := slices.Clone(middle)
		for i := range v {
			v[i] += float32(random.NormFloat64()) * 1e-6
		}
		all = append(all, v)
		if len(all)%5 == 0 {
			v = slices.Clone(v)
			for i := range v {
				v[i] *= 2
			}
			all = append(all, v)
		}
	}
	return all[:n]
}

func TestScoresAreThoseOfASort(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, size := range []struct{ n, width, questions, k int }{
		{0, 8, 3, 10}, {1, 8, 3, 10}, {9, 5, 1, 10}, {10, 256, 2, 10}, {2047, 16, 7, 10}, {2048, 16, 1, 1}, {5000, 256, 33, 10},
	} {
		questions, vectors := alike(random, size.questions, size.width), alike(random, size.n, size.width)
		if size.n > 5 {
			clear(vectors[5])
		}
		n := nearest.New(questions, size.k)
		for _, v := range vectors {
			n.Add(v)
		}
		for q := range questions {
			var want []float64
			for _, v := range vectors {
				want = append(want, nearest.Score(questions[q], v))
			}
			slices.Sort(want)
			slices.Reverse(want)
			if got := n.Scores(q); !slices.Equal(got, want[:min(size.k, len(want))]) {
				t.Errorf("%+v, question %d: got %v, want %v", size, q, got, want[:min(size.k, len(want))])
			}
		}
	}
}

func TestScoreIsThatOfTheDirection(t *testing.T) {
	q := corpus.Vector{3, 4}
	for _, test := range []struct {
		v    corpus.Vector
		want float64
	}{
		{corpus.Vector{1, 0}, 3},
		{corpus.Vector{0, -.5}, -4},
		{corpus.Vector{30, 40}, 5},
		{corpus.Vector{0, 0}, 0},
	} {
		if got := nearest.Score(q, test.v); math.Abs(got-test.want) > 1e-12 {
			t.Errorf("%v: got %v, want %v", test.v, got, test.want)
		}
	}
}
