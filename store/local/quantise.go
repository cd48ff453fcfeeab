package local

import (
	"math"

	"dalil/vector"
)

// steps is how many steps of 1/steps of its largest element a vector is
// rounded to: 127·256, so that the upper byte never passes 127.
const steps = 127 * 256

// quantise writes v, brought to unit length, as 16-bit numbers in two halves
// and returns the length of a step. Numbers between the length of v and the stride are zero.
// The rounding moves a cosine by about 2·10⁻⁶, a hundredth of what the upper
// bytes alone do.
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

// question is a dense query made ready for the scan.
type question struct {
	high []int8    // stride wide; element ≈ step × high
	full []float32 // stride wide, of unit length
	step float32
}

func newQuestion(v []float32) *question {
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
	return q
}

// margin is how much the scan of upper bytes may misjudge a row against another
// one. Rounding errors are almost independent and uniform over a step, so a product
// is off by step/√12 for each side, and the difference of two by √2 times that.
// One row in 10⁹ is beyond six such deviations. Exact asks for a margin that no
// rounding can exceed (Cauchy-Schwarz).
func (q *question) margin(coarse float32, exact bool) float32 {
	a, b := float64(coarse), float64(q.step)
	if exact {
		half := math.Sqrt(float64(len(q.full))) / 2
		return float32(2 * (a*half + b*half*(1+a*half)))
	}
	return float32(6 * math.Sqrt((a*a+b*b)/6))
}

// cosine scores one row with all its 16 bits.
func (q *question) cosine(s *segment, row uint32) float32 {
	at := int(row) * s.stride
	return s.scales[row] * vector.DotSplit(q.full, s.high[at:at+s.stride], s.low[at:at+s.stride])
}
