package vector

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// int8s draws the whole range, the extremes often: saturating kernels fail
// there first.
func int8s(t *rapid.T, n int, label string) []int8 {
	return rapid.SliceOfN(rapid.OneOf(rapid.Int8(), rapid.SampledFrom([]int8{-128, 127})), n, n).Draw(t, label)
}

func TestInt8KernelsAgreeWithGo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.OneOf(rapid.IntRange(0, 80), rapid.SampledFrom([]int{128, 192, 256, 384})).Draw(t, "width")
		n := rapid.IntRange(0, 9).Draw(t, "rows")
		query, rows := int8s(t, width, "query"), int8s(t, width*n, "matrix")
		got, want := make([]int32, n), make([]int32, n)
		DotInt8Rows(query, rows, got)
		dotInt8RowsGo(query, rows, want)
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("%v: row %d of %d × %d: got %d, want %d", Detected(), i, n, width, got[i], want[i])
			}
			if dot := DotInt8(query, rows[i*width:][:width]); dot != want[i] {
				t.Fatalf("%v: dot of %d elements: got %d, want %d", Detected(), width, dot, want[i])
			}
		}
	})
}

func TestExtremesDoNotSaturate(t *testing.T) {
	for _, width := range []int{16, 48, 64, 256, 4096} {
		for _, pair := range [][2]int8{{-128, -128}, {127, 127}, {-128, 127}, {127, -128}} {
			query, rows, out := make([]int8, width), make([]int8, 5*width), make([]int32, 5)
			for i := range query {
				query[i] = pair[0]
			}
			for i := range rows {
				rows[i] = pair[1]
			}
			DotInt8Rows(query, rows, out)
			want := int32(pair[0]) * int32(pair[1]) * int32(width)
			for i, got := range out {
				if got != want {
					t.Errorf("width %d, %v, row %d: got %d, want %d", width, pair, i, got, want)
				}
			}
		}
	}
}

func TestFloat32KernelAgreesWithGo(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for n := range 300 {
		a, b := make([]float32, n), make([]float32, n)
		var want, size float64
		for i := range a {
			a[i], b[i] = float32(random.NormFloat64()), float32(random.NormFloat64())
			want += float64(a[i]) * float64(b[i])
			size += math.Abs(float64(a[i]) * float64(b[i]))
		}
		for name, got := range map[string]float32{"kernel": DotFloat32(a, b), "go": dotFloat32Go(a, b)} {
			if math.Abs(float64(got)-want) > 1e-6*size {
				t.Errorf("%s, %d elements: got %v, want %v", name, n, got, want)
			}
		}
	}
}

func TestStrideHoldsTheVector(t *testing.T) {
	for width, want := range map[int]int{0: 0, 1: 64, 64: 64, 65: 128, 256: 256, 300: 320} {
		if got := Stride(width); got != want {
			t.Errorf("stride of %d: got %d, want %d", width, got, want)
		}
	}
}

func BenchmarkDotInt8Rows(b *testing.B) {
	const width, n = 256, 100_000
	random := rand.New(rand.NewPCG(1, 2))
	query, rows, out := make([]int8, width), make([]int8, width*n), make([]int32, n)
	for i := range query {
		query[i] = int8(random.IntN(256) - 128)
	}
	for i := range rows {
		rows[i] = int8(random.IntN(256) - 128)
	}
	kernels := map[string]func(query, rows []int8, out []int32){"best": DotInt8Rows, "go": dotInt8RowsGo}
	for name, scan := range kernels {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(width * n)
			for b.Loop() {
				scan(query, rows, out)
			}
		})
	}
}

func BenchmarkDotFloat32(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 2))
	x, y := make([]float32, 256), make([]float32, 256)
	for i := range x {
		x[i], y[i] = random.Float32(), random.Float32()
	}
	b.SetBytes(256 * 8)
	for b.Loop() {
		DotFloat32(x, y)
	}
}
