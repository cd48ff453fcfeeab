package local

import (
	"math"

	"dalil/vector"
)

// steps is the number of steps from 0 to the largest element to which a vector is
// rounded: 127·256, so that the upper byte is at most 127.
const steps = 127 * 256

// quantise scales v to unit length, writes it as 16-bit numbers in two halves, and returns
// the size of a step. Numbers between the length of v and the stride are zero. The rounding
// changes a cosine by about 2·10⁻⁶, a hundredth of the change with the upper bytes alone.
func quantise(high, low []int8, v []float32) (step float32) {
	clear(high)
	clear(low)
	var square, most float64
	for _, x := range v {
		square += float64(x) * float64(x)
		most = max(most, math.Abs(float64(x)))
	}
	if most == 0 {
		return 0
	}
	for i, x := range v {
		n := int32(math.RoundToEven(float64(x) / most * steps))
		upper := (n + 128) >> 8
		high[i], low[i] = int8(upper), int8(n-upper<<8)
	}
	return float32(most / math.Sqrt(square) / steps)
}

// question is a dense query in the form that the scan needs.
type question struct {
	high []int8    // stride wide; element ≈ step × high
	full []float32 // stride wide, of unit length
	step float32

	rotated    []float32 // full, rotated
	rough      []int8    // element of rotated ≈ roughStep × it
	roughStep  float32
	roughBias  int32 // 3 × their sum
	roughSlack int32 // by so many units times the scale of a row its rough score may be too low

	signs     *vector.Signs // of rough
	signSlack float32       // as roughSlack, for scores by the signs
}

func newQuestion(v []float32, rotation *vector.Rotation) *question {
	stride := vector.Stride(len(v))
	q := &question{high: make([]int8, stride), full: make([]float32, stride)}
	q.step = 256 * quantise(q.high, make([]int8, stride), v)
	var square float64
	for _, x := range v {
		square += float64(x) * float64(x)
	}
	if square > 0 {
		for i, x := range v {
			q.full[i] = float32(float64(x) / math.Sqrt(square))
		}
	}
	q.rotate(rotation, len(v))
	return q
}

// margin returns by how much the scan of upper bytes may misjudge the difference of
// two rows. Rounding errors are almost independent and uniform over a step, so the
// standard deviation of a product is step/√12 for each side, and that of a
// difference √2 times as much. One row in 10⁹ exceeds six standard deviations. With
// Exact, no rounding can exceed the margin (Cauchy-Schwarz).
func (q *question) margin(coarse float32, exact bool) float32 {
	a, b := float64(coarse), float64(q.step)
	if exact {
		half := math.Sqrt(float64(len(q.full))) / 2
		return float32(2 * (a*half + b*half*(1+a*half)))
	}
	return float32(6 * math.Sqrt((a*a+b*b)/6))
}

// cosineAhead is how many rows before its turn a row is asked for.
const cosineAhead = 4

// cosines sets the scores of rows to those with all 16 bits. A row is asked for before its
// turn, because the rows are scattered.
func (q *question) cosines(s *segment, items []scored) {
	for i := range items {
		if i+cosineAhead < len(items) {
			high, low := s.exact(items[i+cosineAhead].row)
			vector.Prefetch(high)
			vector.Prefetch(low)
		}
		high, low := s.exact(items[i].row)
		items[i].score = s.scales[items[i].row] * vector.DotSplit(q.full, high, low)
	}
}

// exact returns the two halves of the vector of a row.
func (s *segment) exact(row uint32) (high, low []int8) {
	from, to := int(row)*s.stride, (int(row)+1)*s.stride
	return s.high[from:to], s.low[from:to]
}
