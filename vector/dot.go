package vector

import "fmt"

// Stride is the row length that suits [DotInt8Rows] best for vectors of the
// given width: the next multiple of 64, a whole register and a cache line. The
// bytes behind the vector must be zero.
func Stride(dimensions int) int { return (dimensions + 63) &^ 63 }

// DotInt8 is the dot product of two int8 vectors of equal length. It is exact
// up to 131,071 elements; longer vectors may overflow.
func DotInt8(a, b []int8) int32 {
	if len(a) != len(b) {
		panic(fmt.Sprintf("vector: int8 vectors of %d and %d dimensions", len(a), len(b)))
	}
	return dotInt8(a, b)
}

// DotInt8Rows sets out[i] to the dot product of the query with row i of a
// row-major matrix: rows holds len(out) rows of len(query) elements. It takes
// any length and is fastest where [Stride] gave it.
func DotInt8Rows(query, rows []int8, out []int32) {
	if len(rows) != len(query)*len(out) {
		panic(fmt.Sprintf("vector: %d rows of %d elements in %d", len(out), len(query), len(rows)))
	}
	dotInt8Rows(query, rows, out)
}

// DotFloat32 is the dot product of two float32 vectors of equal length. The
// order of the sums, so the last bits, depends on the kernel.
func DotFloat32(a, b []float32) float32 {
	if len(a) != len(b) {
		panic(fmt.Sprintf("vector: float32 vectors of %d and %d dimensions", len(a), len(b)))
	}
	return dotFloat32(a, b)
}

func dotInt8Go(a, b []int8) int32 {
	var sum int32
	for i, x := range a {
		sum += int32(x) * int32(b[i])
	}
	return sum
}

func dotInt8RowsGo(query, rows []int8, out []int32) {
	for i := range out {
		out[i] = dotInt8Go(query, rows[i*len(query):][:len(query)])
	}
}

func dotFloat32Go(a, b []float32) float32 {
	var s0, s1, s2, s3 float32
	n := len(a) &^ 3
	for i := 0; i < n; i += 4 {
		s0 += a[i] * b[i]
		s1 += a[i+1] * b[i+1]
		s2 += a[i+2] * b[i+2]
		s3 += a[i+3] * b[i+3]
	}
	for i := n; i < len(a); i++ {
		s0 += a[i] * b[i]
	}
	return s0 + s1 + s2 + s3
}
