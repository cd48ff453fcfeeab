package vector

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestDotSplitIsTheSum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.OneOf(rapid.IntRange(0, 70), rapid.SampledFrom([]int{128, 256, 768})).Draw(t, "n")
		high, low := int8s(t, n, "high"), int8s(t, n, "low")
		q := rapid.SliceOfN(rapid.Float32Range(-1, 1), n, n).Draw(t, "q")
		var want, size float64
		for i, x := range q {
			term := float64(x) * (256*float64(high[i]) + float64(low[i]))
			want, size = want+term, size+math.Abs(term)
		}
		for name, got := range map[string]float32{"kernel": DotSplit(q, high, low), "go": dotSplitGo(q, high, low)} {
			if math.Abs(float64(got)-want) > 1e-5*size+1e-2 {
				t.Fatalf("%s of %d elements: got %v, want %v", name, n, got, want)
			}
		}
	})
}
