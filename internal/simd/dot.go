// Package simd holds the dot products that dense search spends its time in:
// kernels in assembly where the processor has them, and plain Go beside each.
package simd

import "fmt"

// Stride is the row length that [DotInt8Rows] takes for vectors of the given
// width: the next multiple of 32. The bytes behind the vector must be zero.
func Stride(dimensions int) int { return (dimensions + 31) &^ 31 }

// DotInt8Rows writes the dot product of q with each row into out. q has a
// length that [Stride] gives; rows holds len(out) rows of that length. The sums
// are exact for lengths up to 2^16.
func DotInt8Rows(q, rows []int8, out []int32) {
	if len(q)%32 != 0 || len(rows) != len(q)*len(out) {
		panic(fmt.Sprintf("simd: %d rows of %d bytes in %d bytes", len(out), len(q), len(rows)))
	}
	if len(q) == 0 {
		clear(out)
		return
	}
	dotInt8Rows(q, rows, out)
}

// DotFloat32 is the dot product of two vectors of one length. The order of the
// sum differs from plain Go's, so the last bits may too.
func DotFloat32(a, b []float32) float32 {
	if len(a) != len(b) {
		panic(fmt.Sprintf("simd: vectors of %d and %d dimensions", len(a), len(b)))
	}
	return dotFloat32(a, b)
}

func dotInt8RowsGo(q, rows []int8, out []int32) {
	for i := range out {
		row := rows[i*len(q) : (i+1)*len(q)]
		var sum int32
		for j, x := range q {
			sum += int32(x) * int32(row[j])
		}
		out[i] = sum
	}
}

func dotFloat32Go(a, b []float32) float32 {
	var sum float32
	for i, x := range a {
		sum += x * b[i]
	}
	return sum
}
