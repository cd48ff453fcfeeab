package vector

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestTwoBitKernelsAgreeWithGo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width, n := twoBitBlock*rapid.IntRange(0, 4).Draw(t, "blocks"), rapid.IntRange(0, 9).Draw(t, "rows")
		query := int8s(t, width, "query")
		rows := rapid.SliceOfN(rapid.OneOf(rapid.Byte(), rapid.Just(byte(255))), width/4*n, width/4*n).Draw(t, "rows")
		want := make([]int32, n)
		dotTwoBitRowsGo(query, rows, want)
		for name, kernel := range twoBitKernels() {
			got := make([]int32, n)
			if kernel(query, rows, got); !slices.Equal(got, want) {
				t.Fatalf("%s, %d elements: got %d, want %d", name, width, got, want)
			}
		}
	})
}

func TestScatteredTwoBitRowsHaveTheirProducts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width, n := twoBitBlock*rapid.IntRange(0, 3).Draw(t, "blocks"), rapid.IntRange(1, 9).Draw(t, "rows")
		query := int8s(t, width, "query")
		rows := rapid.SliceOfN(rapid.OneOf(rapid.Byte(), rapid.Just(byte(255))), width/4*n, width/4*n).Draw(t, "rows")
		at := rapid.SliceOfN(rapid.Uint32Range(0, uint32(n-1)), 0, 60).Draw(t, "at")
		all, got := make([]int32, n), make([]int32, len(at))
		dotTwoBitRowsGo(query, rows, all)
		DotTwoBitAt(query, rows, at, got)
		for i, row := range at {
			if got[i] != all[row] {
				t.Fatalf("%d elements, row %d: got %d, want %d", width, row, got[i], all[row])
			}
		}
	})
}

func TestPackedTwoBitsAreTheElements(t *testing.T) {
	for _, width := range []int{1, 64, 100, 128, 200, 256, 300, 512, 700} {
		elements, row := make([]uint8, width), make([]byte, TwoBitStride(width))
		for i := range elements {
			elements[i] = uint8(i*7+1) % 4
		}
		PackTwoBits(row, elements)
		query, product := make([]int8, 4*len(row)), make([]int32, 1)
		for i, want := range elements {
			clear(query)
			query[i] = 1
			if DotTwoBitRows(query, row, product); product[0] != int32(want) {
				t.Fatalf("element %d of %d is %d, want %d", i, width, product[0], want)
			}
		}
	}
}

// BenchmarkDotTwoBitRows scans 100,000 rows that are in a cache, and such that are not
// because other memory was written.
func BenchmarkDotTwoBitRows(b *testing.B) {
	const width, n = 256, 100_000
	random := rand.New(rand.NewPCG(1, 2))
	query, rows, out := make([]int8, width), make([]byte, width/4*n), make([]int32, n)
	for i := range query {
		query[i] = int8(random.IntN(256) - 128)
	}
	for i := range rows {
		rows[i] = byte(random.IntN(256))
	}
	bytes, products := make([]int8, width*n), make([]int32, n)
	for i := range bytes {
		bytes[i] = int8(random.IntN(256) - 128)
	}
	other := make([]byte, 48<<20)
	bench := func(name string, scan func()) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				scan()
			}
		})
		b.Run(name+", not cached", func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				for i := 0; i < len(other); i += 64 {
					other[i]++
				}
				b.StartTimer()
				scan()
			}
		})
	}
	bench("int8", func() { DotInt8Rows(query, bytes, products) })
	for name, kernel := range twoBitKernels() {
		bench(name, func() { kernel(query, rows, out) })
	}
}
