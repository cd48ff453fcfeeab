package vector_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"dalil/vector"
)

func TestAddRowsAddsEachRow(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		width := rapid.SampledFrom([]int{0, 1, 7, 8, 63, 64, 65, 128, 200, 256}).Draw(r, "width")
		n := rapid.IntRange(0, 50).Draw(r, "n")
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "seed"), 1))
		rows := make([]int8, 30*width)
		for i := range rows {
			rows[i] = int8(random.IntN(256) - 128)
		}
		at, scales, got := make([]int32, n), make([]float32, n), make([]float32, width)
		for i := range at {
			at[i], scales[i] = random.Int32N(30), random.Float32()*3-1
		}
		for i := range got {
			got[i] = random.Float32()
		}
		want := slices.Clone(got)
		for i, row := range at {
			vector.AddScaledInt8(want, rows[int(row)*width:][:width], scales[i])
		}
		vector.AddRowsInt8(got, rows, at, scales)
		if !slices.Equal(got, want) {
			r.Fatalf("%d rows of %d: got %v, want %v to the bit", n, width, got, want)
		}
	})
}

func TestAddRowsTakesNoRowBehindTheLast(t *testing.T) {
	for _, at := range []int32{-1, 2} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("row %d did not panic", at)
				}
			}()
			vector.AddRowsInt8(make([]float32, 64), make([]int8, 128), []int32{at}, []float32{1})
		}()
	}
}

// The rows of a passage in a model of 32,000 tokens.
func BenchmarkAddRows(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 1))
	rows, dst := make([]int8, 32_000*256), make([]float32, 256)
	at, scales := make([]int32, 1<<14), make([]float32, 1<<14)
	for i := range at {
		at[i], scales[i] = random.Int32N(32_000), 1
	}
	next := 0
	passage := func() (int, int) {
		next = (next + 130) % (len(at) - 130)
		return next, next + 130
	}
	b.Run("together", func(b *testing.B) {
		for b.Loop() {
			from, to := passage()
			vector.AddRowsInt8(dst, rows, at[from:to], scales[from:to])
		}
	})
	b.Run("each", func(b *testing.B) {
		for b.Loop() {
			from, to := passage()
			for i := from; i < to; i++ {
				vector.AddScaledInt8(dst, rows[int(at[i])*256:][:256], scales[i])
			}
		}
	})
}
