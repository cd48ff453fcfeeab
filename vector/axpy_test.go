package vector_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"dalil/vector"
)

func TestAddScaledIsThePlainSum(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.IntRange(0, 70).Draw(r, "n")
		scale := rapid.Float32Range(-10, 10).Draw(r, "scale")
		dst := rapid.SliceOfN(rapid.Float32Range(-100, 100), n, n).Draw(r, "dst")
		row := rapid.SliceOfN(rapid.Int8(), n, n).Draw(r, "row")
		floats := make([]float32, n)
		want := make([]float32, n)
		for i, x := range row {
			floats[i] = float32(x) / 3
			want[i] = dst[i] + float32(scale*float32(x))
			want[i] += float32(scale * floats[i])
		}
		vector.AddScaledInt8(dst, row, scale)
		vector.AddScaled(dst, floats, scale)
		for i := range want {
			if dst[i] != want[i] {
				r.Fatalf("element %d of %d: %v, want %v to the bit", i, n, dst[i], want[i])
			}
		}
	})
}

func TestDot4Int8IsTheInnerProduct(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.IntRange(0, 140).Draw(r, "n")
		row := rapid.SliceOfN(rapid.Int8(), n, n).Draw(r, "row")
		vectors := rapid.SliceOfN(rapid.Float32Range(-1, 1), 4*n, 4*n).Draw(r, "vectors")
		got := vector.Dot4Int8(vectors, row, row)
		for k := range got {
			var want float64
			for i, x := range row {
				want += float64(vectors[k*n+i]) * float64(x)
			}
			if math.Abs(float64(got[k])-want) > 1e-2 {
				r.Errorf("product %d of length %d: %v, want %v", k, n, got[k], want)
			}
		}
	})
}

func TestLengthsMustAgree(t *testing.T) {
	for name, call := range map[string]func(){
		"AddScaled":     func() { vector.AddScaled(make([]float32, 8), make([]float32, 9), 1) },
		"AddScaledInt8": func() { vector.AddScaledInt8(make([]float32, 16), make([]int8, 8), 1) },
		"Dot4Int8":      func() { vector.Dot4Int8(make([]float32, 24), make([]int8, 8), make([]int8, 8)) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s took slices of different lengths", name)
				}
			}()
			call()
		}()
	}
}

func BenchmarkAddScaledInt8(b *testing.B) {
	dst, row := make([]float32, 256), make([]int8, 256)
	b.SetBytes(256)
	for b.Loop() {
		vector.AddScaledInt8(dst, row, 0.5)
	}
}

func BenchmarkDot4Int8(b *testing.B) {
	vectors, row := make([]float32, 4*256), make([]int8, 256)
	b.SetBytes(256)
	for b.Loop() {
		vector.Dot4Int8(vectors, row, row)
	}
}
