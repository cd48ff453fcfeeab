package vector

import "fmt"

// DotInt8At sets out[i] to the dot product of the query with row at[i] of a row-major
// matrix of rows of len(query) elements. Kernels ask the memory for a row some rows
// before they need it, so that scattered rows cost little more than neighbours.
func DotInt8At(query, rows []int8, at []uint32, out []int32) {
	width := len(query)
	if len(at) != len(out) || width > 0 && len(rows)%width != 0 {
		panic(fmt.Sprintf("vector: %d rows and %d products, %d elements of width %d", len(at), len(out), len(rows), width))
	}
	checkRows(rows, width, at)
	done := dotInt8At(query, rows, at, out)
	for i := done; i < len(at); i++ {
		out[i] = dotInt8(query, rows[int(at[i])*width:][:width])
	}
}

// checkRows panics if a row is outside of rows, as the kernels check nothing.
func checkRows[T any](rows []T, width int, at []uint32) {
	last := uint32(0)
	for _, row := range at {
		last = max(last, row)
	}
	if len(at) > 0 {
		_ = rows[int(last)*width : (int(last)+1)*width]
	}
}
