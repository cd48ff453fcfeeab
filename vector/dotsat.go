package vector

import "fmt"

// DotsAt multiplies scattered rows with several vectors: out[i*n+k] is factors[i] times
// the inner product of row at[i] and vector k. rows is a row-major matrix of rows of
// width elements; n, the number of vectors, is a multiple of 4, and the vectors lie one
// after another. Sums are in float32, in an order that depends on the kernel. Kernels ask
// the memory for a row some rows before they need it.
func DotsAt(vectors []float32, width int, rows []int8, at []int32, factors, out []float32) {
	if width < 1 || len(vectors)%(4*width) != 0 || len(rows)%width != 0 || len(factors) != len(at) || len(out) != len(at)*(len(vectors)/width) {
		panic(fmt.Sprintf("vector: %d elements of vectors and %d of rows of width %d, %d rows, %d factors, %d products",
			len(vectors), len(rows), width, len(at), len(factors), len(out)))
	}
	for _, row := range at {
		if uint(row) >= uint(len(rows)/width) {
			panic(fmt.Sprintf("vector: row %d of %d", row, len(rows)/width))
		}
	}
	if len(at) == 0 || len(vectors) == 0 || dotsAt(vectors, width, rows, at, factors, out) {
		return
	}
	for i, row := range at {
		ahead := at[min(i+2, len(at)-1)]
		for from := 0; from < len(vectors); from += 4 * width {
			products := Dot4Int8(vectors[from:][:4*width], rows[int(row)*width:][:width], rows[int(ahead)*width:][:width])
			for k, x := range products {
				out[k] = x * factors[i]
			}
			out = out[4:]
		}
	}
}
