package vector

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestPoolRunsAreTheMaximaAndTheSums(t *testing.T) {
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
		at := rapid.SliceOfN(rapid.Int32Range(0, int32(count-1)), 0, 20).Draw(t, "at")
		ends := rapid.SliceOfN(rapid.Int32Range(0, int32(len(at))), 0, 5).Draw(t, "ends")
		slices.Sort(ends)
		rows, scales, most, sums := fill(width*count), fill(count), fill(width*len(ends)), fill(width*len(ends))
		wantMost, wantSums := make([]float32, len(most)), make([]float32, len(sums))
		from := int32(0)
		for k, end := range ends {
			for _, row := range at[from:end] {
				for i := range width {
					x := rows[int(row)*width+i]
					wantSums[k*width+i] += x
					wantMost[k*width+i] = max(wantMost[k*width+i], scales[row]*x)
				}
			}
			from = end
		}
		PoolRuns(rows, scales, width, at, ends, most, sums)
		if !slices.Equal(most, wantMost) || !slices.Equal(sums, wantSums) {
			t.Fatalf("runs that end at %v, of %d elements: got %v and %v, want %v and %v", ends, width, most, sums, wantMost, wantSums)
		}
	})
}

func TestPoolRunsRefusesWhatDoesNotFit(t *testing.T) {
	for name, test := range map[string]struct {
		rows, most, sums int
		at, ends         []int32
	}{
		"a row behind":         {8, 4, 4, []int32{2}, []int32{1}},
		"a row before":         {8, 4, 4, []int32{-1}, []int32{1}},
		"too few rows":         {7, 4, 4, []int32{1}, []int32{1}},
		"too few sums":         {8, 4, 3, []int32{1}, []int32{1}},
		"too few maxima":       {8, 3, 3, []int32{1}, []int32{1}},
		"a run behind the end": {8, 4, 4, []int32{1}, []int32{2}},
		"runs that fall":       {8, 8, 8, []int32{1, 1}, []int32{2, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("it did not panic")
				}
			}()
			PoolRuns(make([]float32, test.rows), make([]float32, 2), 4, test.at, test.ends, make([]float32, test.most), make([]float32, test.sums))
		})
	}
}

// The words of 50 passages are pooled over 8 vectors, in sentences of 10 words.
func BenchmarkPoolRuns(b *testing.B) {
	const width, count, words, sentence = 8, 2000, 5000, 10
	random := rand.New(rand.NewPCG(1, 2))
	rows, scales, at, ends := make([]float32, width*count), make([]float32, count), make([]int32, words), make([]int32, words/sentence)
	for i := range at {
		at[i] = int32(random.IntN(count))
	}
	for i := range ends {
		ends[i] = int32(i+1) * sentence
	}
	most, sums := make([]float32, width*len(ends)), make([]float32, width*len(ends))
	b.Run("kernel", func(b *testing.B) {
		for b.Loop() {
			PoolRuns(rows, scales, width, at, ends, most, sums)
		}
	})
	b.Run("go", func(b *testing.B) {
		for b.Loop() {
			poolRunsGo(rows, scales, width, at, ends, most, sums)
		}
	})
}
