package vector_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"dalil/vector"
)

func TestDotsAtAreTheInnerProducts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.SampledFrom([]int{1, 8, 31, 64, 256}).Draw(t, "width")
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		count, n := rapid.IntRange(1, 9).Draw(t, "rows"), 4*rapid.IntRange(0, 4).Draw(t, "groups")
		vectors, rows := make([]float32, n*width), make([]int8, count*width)
		for i := range vectors {
			vectors[i] = random.Float32() - .5
		}
		for i := range rows {
			rows[i] = int8(random.IntN(256) - 128)
		}
		at := rapid.SliceOfN(rapid.Int32Range(0, int32(count-1)), 0, 20).Draw(t, "at")
		factors, got := make([]float32, len(at)), make([]float32, len(at)*n)
		for i := range factors {
			factors[i] = random.Float32()
		}
		vector.DotsAt(vectors, width, rows, at, factors, got)
		for i, row := range at {
			for k := range n {
				var want float64
				for j, x := range rows[int(row)*width:][:width] {
					want += float64(x) * float64(vectors[k*width+j])
				}
				if want *= float64(factors[i]); math.Abs(want-float64(got[i*n+k])) > 1e-2 {
					t.Fatalf("row %d (%d of the matrix), vector %d of %d: got %v, want %v", i, row, k, n, got[i*n+k], want)
				}
			}
		}
	})
}

func TestDotsAtRefusesWhatDoesNotFit(t *testing.T) {
	for name, call := range map[string]func(){
		"three vectors": func() { vector.DotsAt(make([]float32, 24), 8, make([]int8, 8), nil, nil, nil) },
		"a row behind": func() {
			vector.DotsAt(make([]float32, 32), 8, make([]int8, 8), []int32{1}, make([]float32, 1), make([]float32, 4))
		},
		"a row before": func() {
			vector.DotsAt(make([]float32, 32), 8, make([]int8, 8), []int32{-1}, make([]float32, 1), make([]float32, 4))
		},
		"too few products": func() {
			vector.DotsAt(make([]float32, 32), 8, make([]int8, 8), []int32{0}, make([]float32, 1), make([]float32, 3))
		},
		"a factor too few": func() { vector.DotsAt(make([]float32, 32), 8, make([]int8, 8), []int32{0}, nil, make([]float32, 4)) },
		"no width":         func() { vector.DotsAt(nil, 0, nil, nil, nil, nil) },
		"a part of a row":  func() { vector.DotsAt(make([]float32, 32), 8, make([]int8, 9), nil, nil, nil) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("it did not panic")
				}
			}()
			call()
		})
	}
}

// 2,000 scattered rows of a table of 32,768 are multiplied with 8 vectors.
func BenchmarkDotsAt(b *testing.B) {
	const width, count, n = 256, 1 << 15, 8
	random := rand.New(rand.NewPCG(1, 2))
	vectors, rows := make([]float32, n*width), make([]int8, count*width)
	for i := range vectors {
		vectors[i] = random.Float32() - .5
	}
	for i := range rows {
		rows[i] = int8(random.IntN(256) - 128)
	}
	at, factors := make([]int32, 2000), make([]float32, 2000)
	for i := range at {
		at[i], factors[i] = int32(random.IntN(count)), 1
	}
	out := make([]float32, len(at)*n)
	for name, multiply := range map[string]func(){
		"together": func() { vector.DotsAt(vectors, width, rows, at, factors, out) },
		"one by one": func() {
			for i, row := range at {
				ahead := at[min(i+2, len(at)-1)]
				for k := 0; k < n; k += 4 {
					products := vector.Dot4Int8(vectors[k*width:][:4*width], rows[int(row)*width:][:width], rows[int(ahead)*width:][:width])
					for j, x := range products {
						out[i*n+k+j] = x * factors[i]
					}
				}
			}
		},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				multiply()
			}
		})
	}
}
