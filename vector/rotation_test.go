package vector

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestRotationKeepsInnerProducts(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for _, width := range []int{1, 2, 3, 64, 100, 256, 300, 384, 768} {
		r := NewRotation(width)
		a, b := random(rng, width), random(rng, width)
		want, size := DotFloat32(a, b), math.Sqrt(float64(DotFloat32(a, a))*float64(DotFloat32(b, b)))
		r.Apply(a)
		r.Apply(b)
		if got := DotFloat32(a, b); math.Abs(float64(got-want)) > 1e-5*size {
			t.Errorf("%d dimensions: inner product %v, before %v", width, got, want)
		}
	}
}

func TestRotationSpreadsAVector(t *testing.T) {
	for _, width := range []int{256, 300, 384} {
		v := make([]float32, width)
		v[width/3] = 1
		NewRotation(width).Apply(v)
		for i, x := range v {
			if math.Abs(float64(x)) > 5/math.Sqrt(float64(width)) {
				t.Errorf("%d dimensions: element %d of a rotated unit vector is %v", width, i, x)
			}
		}
	}
}

// The order of additions decides the last bits, which kept indexes depend on.
func TestHadamardIsThatOfSingleSteps(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for length := 1; length <= 1024; length *= 2 {
		got := random(rng, length)
		want := slices.Clone(got)
		for half := 1; half < length; half *= 2 {
			for i := range want {
				if i&half == 0 {
					want[i], want[i+half] = want[i]+want[i+half], want[i]-want[i+half]
				}
			}
		}
		if hadamard(got); !slices.Equal(got, want) {
			t.Errorf("%d elements: got %v, want %v", length, got, want)
		}
	}
}

func BenchmarkRotation(b *testing.B) {
	r, v := NewRotation(256), make([]float32, 256)
	v[3] = 1
	for b.Loop() {
		r.Apply(v)
	}
}
