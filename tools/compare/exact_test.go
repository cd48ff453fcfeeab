package main

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"dalil/corpus"
)

// passagesOf makes passages with the given vectors and with ids that follow their places.
func passagesOf(vectors ...corpus.Vector) []passage {
	all := make([]passage, len(vectors))
	for i, v := range vectors {
		all[i] = passage{id: id(i), title: "title", text: "text", dense: v}
	}
	return all
}

func id(i int) corpus.ChunkID { return corpus.ChunkID{0, byte(i >> 8), byte(i)} }

// onCircle is a vector of unit length at an angle, in degrees.
func onCircle(degrees float64) corpus.Vector {
	return corpus.Vector{float32(math.Cos(degrees * math.Pi / 180)), float32(math.Sin(degrees * math.Pi / 180))}
}

func TestTenthIsThatOfASort(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		n := best + random.IntN(100)
		vectors := make([]corpus.Vector, n)
		for i := range vectors {
			vectors[i] = onCircle(float64(random.IntN(90))) // some are equal
		}
		q := onCircle(random.Float64() * 90)
		scores := make([]float64, n)
		for i, v := range vectors {
			scores[i] = float64(q[0])*float64(v[0]) + float64(q[1])*float64(v[1])
		}
		slices.Sort(scores)
		if got, want := newExact(passagesOf(vectors...), []question{{dense: q}}).tenth[0], scores[n-best]; got != want {
			t.Errorf("%d passages: the tenth is %v, want %v", n, got, want)
		}
	}
}

func TestFoundCountsNearestPassagesOnce(t *testing.T) {
	var vectors []corpus.Vector
	for i := range 20 {
		vectors = append(vectors, onCircle(float64(i)))
	}
	vectors = append(vectors, onCircle(9)) // 20 is as near as 9, the tenth
	q := question{dense: onCircle(0)}
	e := newExact(passagesOf(vectors...), []question{q})
	answer := func(places ...int) (all []hit) {
		for _, p := range places {
			all = append(all, hit{id: id(p)})
		}
		return all
	}
	for _, test := range []struct {
		name   string
		places []int
		want   int
	}{
		{"all", []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, 10},
		{"in another order", []int{9, 8, 7, 6, 5, 4, 3, 2, 1, 0}, 10},
		{"one that is as near as the tenth", []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 20}, 10},
		{"both of these", []int{0, 1, 2, 3, 4, 5, 6, 7, 9, 20}, 10},
		{"two that are farther", []int{0, 1, 2, 3, 4, 5, 6, 7, 10, 11}, 8},
		{"one twice", []int{0, 0, 1}, 2},
		{"one that is unknown", []int{0, 99}, 1},
		{"nothing", nil, 0},
	} {
		if got := e.found(0, q.dense, answer(test.places...)); got != test.want {
			t.Errorf("%s: %d were found, want %d", test.name, got, test.want)
		}
	}
}

func TestUnit(t *testing.T) {
	if got := unit(corpus.Vector{3, -4}); !slices.Equal(got, corpus.Vector{.6, -.8}) {
		t.Errorf("got %v", got)
	}
}
