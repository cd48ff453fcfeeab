package vector

import (
	"fmt"
	"math"
	"math/bits"
)

// Rotation is a fixed orthogonal matrix that spreads every vector evenly over its
// elements: signs that look random, then a fast Walsh-Hadamard transform (Ailon and
// Chazelle, "The fast Johnson-Lindenstrauss transform", SIAM J. Comput. 2009). It
// keeps inner products. Afterwards the elements of a vector are distributed like
// those of a normal distribution, so that few bits for each are enough. It is the
// same matrix on every machine and safe for concurrent use.
type Rotation struct {
	width  int
	window int // the largest power of two that is not above the width
	signs  []float32
}

// NewRotation returns the rotation of vectors of a width above 0.
func NewRotation(width int) *Rotation {
	if width < 1 {
		panic(fmt.Sprintf("vector: rotation of %d dimensions", width))
	}
	r := &Rotation{width: width, window: 1 << (bits.Len(uint(width)) - 1)}
	state := uint64(0x9e3779b97f4a7c15)
	for range 4 * width { // xorshift64 (Marsaglia 2003)
		state ^= state << 13
		state ^= state >> 7
		state ^= state << 17
		r.signs = append(r.signs, 1-2*float32(state>>63))
	}
	return r
}

// Apply rotates v in place. Where the width is no power of two, the transform of its
// first elements and that of its last ones alternate.
func (r *Rotation) Apply(v []float32) {
	if len(v) != r.width {
		panic(fmt.Sprintf("vector: a vector of %d dimensions in a rotation of %d", len(v), r.width))
	}
	rounds, scale := 4, float32(1/math.Sqrt(float64(r.window)))
	if r.window == r.width {
		rounds = 1
	}
	for round := range rounds {
		for i, sign := range r.signs[round*r.width:][:r.width] {
			v[i] *= sign
		}
		window := v[:r.window]
		if round%2 == 1 {
			window = v[r.width-r.window:]
		}
		hadamard(window)
		for i := range window {
			window[i] *= scale
		}
	}
}

// hadamard is the Walsh-Hadamard transform of a power of two of elements, without
// its scale. It takes two steps at a time, so that the elements are read and written half
// as often.
func hadamard(v []float32) {
	half := 1
	if len(v) >= 4 {
		for rest := v; len(rest) >= 4; rest = rest[4:] {
			q := (*[4]float32)(rest)
			lowSum, lowDifference := q[0]+q[1], q[0]-q[1]
			highSum, highDifference := q[2]+q[3], q[2]-q[3]
			q[0], q[1] = lowSum+highSum, lowDifference+highDifference
			q[2], q[3] = lowSum-highSum, lowDifference-highDifference
		}
		half = 4
	}
	for ; 4*half <= len(v); half *= 4 {
		for rest := v; len(rest) > 0; rest = rest[4*half:] {
			a, b, c, d := rest[:half], rest[half:][:half], rest[2*half:][:half], rest[3*half:][:half]
			for i := range a {
				lowSum, lowDifference := a[i]+b[i], a[i]-b[i]
				highSum, highDifference := c[i]+d[i], c[i]-d[i]
				a[i], b[i] = lowSum+highSum, lowDifference+highDifference
				c[i], d[i] = lowSum-highSum, lowDifference-highDifference
			}
		}
	}
	if half < len(v) {
		low, high := v[:half], v[half:][:half]
		for i, x := range low {
			y := high[i]
			low[i], high[i] = x+y, x-y
		}
	}
}
