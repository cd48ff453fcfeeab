package vector

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

type signKernel func(tables, signs []byte, scales []float32, perStep, bias, least float32, mask []uint64)

// signCase is a query and random rows with their signs.
type signCase struct {
	query       []int8
	rows, signs []byte
	scales      []float32
}

func newSignCase(random *rand.Rand, width, n int) signCase {
	stride := TwoBitStride(width)
	c := signCase{make([]int8, 4*stride), make([]byte, n*stride), make([]byte, SignsSize(width, n)), make([]float32, n)}
	for i := range width {
		c.query[i] = int8(max(-128, min(random.NormFloat64()*40, 127)))
	}
	elements := make([]uint8, width)
	for i := range n {
		for j := range elements {
			elements[j] = uint8(random.IntN(4))
		}
		PackTwoBits(c.rows[i*stride:][:stride], elements)
		c.scales[i] = random.Float32() + 0.5
	}
	PackSigns(c.signs, c.rows, width)
	return c
}

// product is that of the query and of the signs of a row.
func (c *signCase) product(row int) (sum int32) {
	stride := len(c.query) / 4
	for i, q := range c.query {
		if b := c.rows[row*stride+i/256*64+i%64] >> (i % 256 / 64 * 2); b&2 != 0 {
			sum += int32(q)
		} else {
			sum -= int32(q)
		}
	}
	return sum
}

func TestSignKernelsAgreeWithGo(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, width := range []int{16, 256, 300, 768, 1024} {
		for groups := range 6 {
			c := newSignCase(random, width, 64*groups)
			if groups == 5 { // the largest entries: all signs are those of the query
				for i := range c.query {
					c.query[i] = 127
				}
				for i := range c.signs {
					c.signs[i] = 255
				}
			}
			s := NewSigns(c.query)
			for _, least := range []float32{float32(math.Inf(-1)), -300, 0, 900, float32(math.Inf(1))} {
				want := make([]uint64, groups)
				signsReachingGo(s.tables, c.signs, c.scales, s.step, s.offset, least, want)
				got := make([]uint64, groups+1)
				for i := range got {
					got[i] = ^uint64(0)
				}
				if s.Reaching(c.signs, c.scales, 1, 0, least, got); !slices.Equal(got[:groups], want) || got[groups] != 0 {
					t.Fatalf("width %d, least %v: got %x, want %x", width, least, got, want)
				}
				for name, kernel := range signKernels() {
					if groups == 0 {
						continue
					}
					got := make([]uint64, groups)
					if kernel(s.tables, c.signs, c.scales, s.step, s.offset, least, got); !slices.Equal(got, want) {
						t.Fatalf("%s, width %d, least %v: got %x, want %x", name, width, least, got, want)
					}
				}
			}
		}
	}
}

// A row must be marked if its product is above the least one by the rounding, and not if it is
// below by as much. The deviations of the rounding are those that are named.
func TestSignsReachTheirProducts(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for _, width := range []int{64, 256, 300, 1024} {
		const n = 1024
		c := newSignCase(random, width, n)
		s := NewSigns(c.query)
		mask := make([]uint64, n/64)
		var products []float32
		for row := range n {
			products = append(products, float32(c.product(row)))
		}
		least := slices.Sorted(slices.Values(products))[n*3/4]
		const factor, slack = 1.5, 20
		marked := 0
		for row := range c.scales {
			c.scales[row] = 1
		}
		s.Reaching(c.signs, c.scales, factor, slack, factor*least+slack, mask)
		for row, product := range products {
			is := mask[row/64]>>(row%64)&1 == 1
			if is {
				marked++
			}
			if off := product - least; off > 6*s.Error() && !is || off < -6*s.Error() && is {
				t.Errorf("width %d, row %d: product %v, least %v, error %v: marked %v", width, row, product, least, s.Error(), is)
			}
		}
		if marked < n/8 || marked > n/2 {
			t.Errorf("width %d: %d of %d rows are marked", width, marked, n)
		}
	}
	zero := NewSigns(make([]int8, 256))
	mask := []uint64{0}
	if zero.Reaching(make([]byte, SignsSize(256, 64)), make([]float32, 64), 1, 1, 0, mask); mask[0] != ^uint64(0) || zero.Error() != 0 {
		t.Errorf("a query of zeros: %x, error %v", mask, zero.Error())
	}
}

// Sums of wide rows do not overflow. All signs of these are those of the question.
func TestSignsOfWideRows(t *testing.T) {
	for _, width := range []int{MostSigns, MostSigns + 1, 1 << 16} {
		query := slices.Repeat([]int8{127}, 4*TwoBitStride(width))
		s, mask := NewSigns(query), []uint64{0}
		signs, scales := bytes.Repeat([]byte{0xff}, SignsSize(width, 64)), slices.Repeat([]float32{1}, 64)
		if s.Reaching(signs, scales, 1, 0, .99*127*float32(len(query)), mask); mask[0] != ^uint64(0) {
			t.Errorf("width %d: rows %x reach the highest product, want all 64", width, mask[0])
		}
	}
}

// BenchmarkSigns marks the rows of 100,000, as BenchmarkDotTwoBitRows scans them.
func BenchmarkSigns(b *testing.B) {
	random := rand.New(rand.NewPCG(5, 6))
	const n = 100_032
	c := newSignCase(random, 256, n)
	s := NewSigns(c.query)
	mask := make([]uint64, 8)
	kernels := signKernels()
	kernels["go"] = signsReachingGo
	for name, kernel := range kernels {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				for from := 0; from < n; from += 512 {
					to := min(from+512, n)
					kernel(s.tables, c.signs[from*32:to*32], c.scales[from:to], s.step, s.offset, 1e9, mask)
				}
			}
		})
	}
	b.Run("query", func(b *testing.B) {
		for b.Loop() {
			NewSigns(c.query)
		}
	})
	b.Run("pack", func(b *testing.B) {
		for b.Loop() {
			PackSigns(c.signs, c.rows, 256)
		}
	})
}

// BenchmarkSignsTogether marks rows for some questions: for one after the other, and each block of rows
// for all of them.
func BenchmarkSignsTogether(b *testing.B) {
	random := rand.New(rand.NewPCG(7, 8))
	const block = 512
	mask := make([]uint64, block/64)
	for _, n := range []int{100_352, 1_000_448} {
		signs, scales := make([]byte, SignsSize(256, n)), slices.Repeat([]float32{1}, n)
		for i := range signs {
			signs[i] = byte(random.Uint32())
		}
		for _, some := range []int{1, 2, 4} {
			var questions []*Signs
			for range some {
				questions = append(questions, NewSigns(newSignCase(random, 256, 1).query))
			}
			for name, rows := range map[string]int{"in turn": n, "together": block} {
				b.Run(fmt.Sprintf("%d rows, %d questions %s", n, some, name), func(b *testing.B) {
					for b.Loop() {
						for from := 0; from < n; from += rows {
							for _, q := range questions {
								for at := from; at < from+rows; at += block {
									q.Reaching(signs[at*32:(at+block)*32], scales[at:at+block], 1, 0, 1e9, mask)
								}
							}
						}
					}
					b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*some), "µs/question")
				})
			}
		}
	}
}
