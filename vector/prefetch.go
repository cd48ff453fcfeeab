package vector

import "unsafe"

// Prefetch asks the memory for elements that are read soon, so that they are in the cache of
// the processor by then. It does not wait for them, and does nothing where there is no such
// instruction.
func Prefetch[T int8 | uint8 | uint16](s []T) {
	if len(s) > 0 {
		prefetch((*byte)(unsafe.Pointer(&s[0])), len(s)*int(unsafe.Sizeof(s[0])))
	}
}

// PrefetchAt is [Prefetch] of scattered rows of a row-major matrix of rows of width
// elements.
func PrefetchAt(rows []int8, width int, at []int32) {
	if len(at) == 0 {
		return
	}
	for _, row := range at {
		_ = rows[int(row)*width : (int(row)+1)*width]
	}
	prefetchAt(&rows[0], width, &at[0], len(at))
}

// PrefetchEach is [Prefetch] of scattered elements of a table: of those at the numbers,
// without their lowest bits, as many as shift says. A number behind the table asks for
// nothing.
func PrefetchEach[T any](table []T, at []int32, shift uint8) {
	if len(at) > 0 && len(table) > 0 {
		prefetchEach(unsafe.Pointer(&table[0]), int(unsafe.Sizeof(table[0])), &at[0], len(at), shift)
	}
}
