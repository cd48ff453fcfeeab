package vector

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestPoolAtIsTheMaximumAndTheSum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		width, count := rapid.IntRange(0, 40).Draw(t, "width"), rapid.IntRange(1, 9).Draw(t, "rows")
		fill := func(n int) []float32 {
			all := make([]float32, n)
			for i := range all {
				all[i] = random.Float32() - .5
			}
			return all
		}
		rows, scales, most, sum := fill(width*count), fill(count), fill(width), fill(width)
		at := rapid.SliceOfN(rapid.Int32Range(0, int32(count-1)), 0, 20).Draw(t, "at")
		wantMost, wantSum := slices.Clone(most), slices.Clone(sum)
		for _, row := range at {
			for k := range width {
				x := rows[int(row)*width+k]
				wantSum[k] += x
				wantMost[k] = max(wantMost[k], scales[row]*x)
			}
		}
		PoolAt(rows, scales, at, most, sum)
		if !slices.Equal(most, wantMost) || !slices.Equal(sum, wantSum) {
			t.Fatalf("%d rows of %d elements: got %v and %v, want %v and %v", len(at), width, most, sum, wantMost, wantSum)
		}
	})
}

func TestPoolAtRefusesWhatDoesNotFit(t *testing.T) {
	for name, call := range map[string]func(){
		"a row behind": func() {
			PoolAt(make([]float32, 8), make([]float32, 2), []int32{2}, make([]float32, 4), make([]float32, 4))
		},
		"a row before": func() {
			PoolAt(make([]float32, 8), make([]float32, 2), []int32{-1}, make([]float32, 4), make([]float32, 4))
		},
		"too few rows": func() {
			PoolAt(make([]float32, 7), make([]float32, 2), []int32{0}, make([]float32, 4), make([]float32, 4))
		},
		"too short sum": func() {
			PoolAt(make([]float32, 8), make([]float32, 2), []int32{0}, make([]float32, 4), make([]float32, 3))
		},
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

// The words of 50 passages are pooled over 8 vectors, 15 words at a time.
func BenchmarkPoolAt(b *testing.B) {
	const width, count, words = 8, 2000, 5000
	random := rand.New(rand.NewPCG(1, 2))
	rows, scales, at := make([]float32, width*count), make([]float32, count), make([]int32, words)
	for i := range at {
		at[i] = int32(random.IntN(count))
	}
	most, sum := make([]float32, width), make([]float32, width)
	for name, pool := range map[string]func(rows, scales []float32, at []int32, most, sum []float32){"kernel": poolAt, "go": poolAtGo} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				for from := 0; from < words; from += 15 {
					pool(rows, scales, at[from:min(from+15, words)], most, sum)
				}
			}
		})
	}
}
