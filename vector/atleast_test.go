package vector

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestAtLeastMarksTheProductsThatReachIt(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	for n := range 200 {
		products, scales := make([]int32, n), make([]float32, n)
		for i := range products {
			products[i], scales[i] = int32(rng.IntN(200_000))-100_000, rng.Float32()
		}
		least, want := float32(rng.NormFloat64()*20_000), make([]uint64, n/64+1)
		if n > 0 && n%3 == 0 {
			least = float32(2*products[0]-77) * scales[0] // exactly reached
		}
		atLeastGo(products, scales, 77, least, want, 0)
		got := make([]uint64, n/64+1)
		for i := range got {
			got[i] = ^uint64(0)
		}
		AtLeast(products, scales, 77, least, got)
		if !slices.Equal(got, want) {
			t.Fatalf("%d products: %x, want %x", n, got, want)
		}
		for name, kernel := range atLeastKernels() {
			clear(got)
			if done := n &^ 15; done > 0 {
				kernel(&products[0], &scales[0], done, 77, least, &got[0])
				atLeastGo(products, scales, 77, least, got, done)
				if !slices.Equal(got, want) {
					t.Fatalf("%s, %d products: %x, want %x", name, n, got, want)
				}
			}
		}
	}
}

func TestReachingMarksTheScoresThatReachIt(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	for n := range 200 {
		scores, got, want := random(rng, n), make([]uint64, n/64+1), make([]uint64, n/64+1)
		least := float32(0.3)
		if n%2 == 1 {
			least = scores[n/2] // exactly reached
		}
		for i, score := range scores {
			if score >= least {
				want[i>>6] |= 1 << (i & 63)
			}
		}
		for i := range got {
			got[i] = ^uint64(0)
		}
		if Reaching(scores, least, got); !slices.Equal(got, want) {
			t.Fatalf("%d scores: %x, want %x", n, got, want)
		}
	}
}

func BenchmarkAtLeast(b *testing.B) {
	products, scales, mask := make([]int32, 512), make([]float32, 512), make([]uint64, 8)
	for b.Loop() {
		AtLeast(products, scales, 5, 1, mask)
	}
}
