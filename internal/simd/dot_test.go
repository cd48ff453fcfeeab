package simd

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestDotInt8RowsEqualsPlainGo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		stride := 32 * rapid.IntRange(1, 40).Draw(t, "blocks")
		n := rapid.IntRange(0, 9).Draw(t, "rows")
		q := rapid.SliceOfN(rapid.Int8(), stride, stride).Draw(t, "q")
		rows := rapid.SliceOfN(rapid.Int8(), n*stride, n*stride).Draw(t, "matrix")
		got, want := make([]int32, n), make([]int32, n)
		DotInt8Rows(q, rows, got)
		dotInt8RowsGo(q, rows, want)
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("row %d: %d, want %d", i, got[i], want[i])
			}
		}
	})
}

func TestDotFloat32EqualsPlainGo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 300).Draw(t, "n")
		x := rapid.Float32Range(-1, 1)
		a, b := rapid.SliceOfN(x, n, n).Draw(t, "a"), rapid.SliceOfN(x, n, n).Draw(t, "b")
		var want float64
		for i := range a {
			want += float64(a[i]) * float64(b[i])
		}
		if got := DotFloat32(a, b); math.Abs(float64(got)-want) > 1e-4 {
			t.Fatalf("%v, want %v", got, want)
		}
	})
}

func BenchmarkDotInt8Rows(b *testing.B) {
	const stride, n = 256, 100_000
	q, rows, out := make([]int8, stride), make([]int8, stride*n), make([]int32, n)
	b.SetBytes(stride * n)
	for b.Loop() {
		DotInt8Rows(q, rows, out)
	}
}

func BenchmarkDotInt8RowsPlainGo(b *testing.B) {
	const stride, n = 256, 10_000
	q, rows, out := make([]int8, stride), make([]int8, stride*n), make([]int32, n)
	b.SetBytes(stride * n)
	for b.Loop() {
		dotInt8RowsGo(q, rows, out)
	}
}
