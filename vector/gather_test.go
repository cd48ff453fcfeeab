package vector

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

func TestScatteredRowsHaveTheirProducts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.SampledFrom([]int{1, 16, 64, 100, 128, 256}).Draw(t, "width")
		rows := rapid.IntRange(1, 6).Draw(t, "rows")
		query, matrix := int8s(t, width, "query"), int8s(t, width*rows, "matrix")
		at := rapid.SliceOfN(rapid.Uint32Range(0, uint32(rows-1)), 0, 40).Draw(t, "at")
		got := make([]int32, len(at))
		DotInt8At(query, matrix, at, got)
		for i, row := range at {
			if want := dotInt8Go(query, matrix[int(row)*width:][:width]); got[i] != want {
				t.Fatalf("product %d, row %d of width %d: got %d, want %d", i, row, width, got[i], want)
			}
		}
	})
}

// The kernels check nothing, so a row that is not there must not reach them.
func TestScatteredRowsMustBeThere(t *testing.T) {
	for name, dot := range map[string]func(at []uint32, out []int32){
		"int8":     func(at []uint32, out []int32) { DotInt8At(make([]int8, 64), make([]int8, 3*64), at, out) },
		"two bits": func(at []uint32, out []int32) { DotTwoBitAt(make([]int8, 256), make([]byte, 3*64), at, out) },
	} {
		for _, at := range [][]uint32{{3}, {0, 3, 1}, {math.MaxUint32, 2}} {
			func() {
				defer func() {
					if recover() == nil {
						t.Errorf("%s: rows %d of 3 do not panic", name, at)
					}
				}()
				dot(at, make([]int32, len(at)))
			}()
		}
	}
}

func BenchmarkScatteredRows(b *testing.B) {
	const width, n = 256, 100_000
	random := rand.New(rand.NewPCG(1, 2))
	query, matrix := make([]int8, width), make([]int8, width*n)
	for i := range matrix {
		matrix[i] = int8(random.IntN(256) - 128)
	}
	at, out := make([]uint32, 400), make([]int32, 400)
	for name, dot := range map[string]func(){
		"gathered": func() { DotInt8At(query, matrix, at, out) },
		"one by one": func() {
			for i, row := range at {
				out[i] = DotInt8(query, matrix[int(row)*width:][:width])
			}
		},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				for i := range at {
					at[i] = uint32(random.IntN(n))
				}
				dot()
			}
		})
	}
}
