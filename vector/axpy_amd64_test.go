package vector

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The AVX2 kernel is not chosen where AVX-512 is there.
func TestDot4KernelsAgree(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for _, n := range []int{32, 64, 256} {
		vectors, row := random(rng, 4*n), make([]int8, n)
		for i := range row {
			row[i] = int8(rng.IntN(256) - 128)
		}
		for name, kernel := range dot4Kernels() {
			var got [4]float32
			kernel(&vectors[0], &row[0], n, n, &got)
			for k := range got {
				var want float64
				for i, x := range row {
					want += float64(vectors[k*n+i]) * float64(x)
				}
				if math.Abs(float64(got[k])-want) > 1e-2 {
					t.Errorf("%s, product %d of %d elements: %v, want %v", name, k, n, got[k], want)
				}
			}
		}
	}
}

func dot4Kernels() map[string]func(vectors *float32, row *int8, n, stride int, products *[4]float32) {
	kernels := map[string]func(vectors *float32, row *int8, n, stride int, products *[4]float32){}
	if features.AVX2 {
		kernels["AVX2"] = dot4Int8AVX2
	}
	if features.AVX512 {
		kernels["AVX-512"] = func(vectors *float32, row *int8, n, stride int, products *[4]float32) {
			dot4Int8AVX512(vectors, row, n, stride, products, row)
		}
	}
	return kernels
}

func BenchmarkDot4Kernels(b *testing.B) {
	vectors, row := make([]float32, 4*256), make([]int8, 256)
	for name, kernel := range dot4Kernels() {
		b.Run(name, func(b *testing.B) {
			var products [4]float32
			for b.Loop() {
				kernel(&vectors[0], &row[0], 256, 256, &products)
			}
		})
	}
}
