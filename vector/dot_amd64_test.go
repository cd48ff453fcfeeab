package vector

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// The AVX2 kernels don't run through the front door where AVX-512 is there.
func TestAVX2KernelsAgreeWithGo(t *testing.T) {
	if !features.AVX2 {
		t.Skip("this processor has no AVX2")
	}
	rapid.Check(t, func(t *rapid.T) {
		width, n := 16*rapid.IntRange(1, 20).Draw(t, "width/16"), 4*rapid.IntRange(1, 3).Draw(t, "rows/4")
		query, rows := int8s(t, width, "query"), int8s(t, width*n, "matrix")
		got, want := make([]int32, n), make([]int32, n)
		dotInt8RowsAVX2(&query[0], &rows[0], width, n, &got[0])
		dotInt8RowsGo(query, rows, want)
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("row %d of %d × %d: got %d, want %d", i, n, width, got[i], want[i])
			}
		}
		a, b := make([]float32, width), make([]float32, width)
		for i := range a {
			a[i], b[i] = float32(query[i])/128, float32(rows[i])/128
		}
		if got, want := dotFloat32AVX2(&a[0], &b[0], width), dotFloat32Go(a, b); math.Abs(float64(got-want)) > 1e-3 {
			t.Fatalf("float32, %d elements: got %v, want %v", width, got, want)
		}
	})
}
