package vector

// addRowsInt8 adds the first elements of the rows, and says how many: blocks of 64.
func addRowsInt8(dst []float32, rows []int8, at []int32, scales []float32) (done int) {
	if !features.AVX2 {
		return 0
	}
	for ; features.AVX512 && done+128 <= len(dst); done += 128 {
		addRowsInt8AVX512(&dst[done], &rows[done], len(dst), &at[0], &scales[0], len(at))
	}
	for ; done+64 <= len(dst); done += 64 {
		addRowsInt8AVX2(&dst[done], &rows[done], len(dst), &at[0], &scales[0], len(at))
	}
	return done
}

// addRowsInt8AVX2 adds 64 elements of n rows, at least 1.
//
//go:noescape
func addRowsInt8AVX2(dst *float32, rows *int8, width int, at *int32, scales *float32, n int)

// addRowsInt8AVX512 adds 128 elements of n rows, at least 1.
//
//go:noescape
func addRowsInt8AVX512(dst *float32, rows *int8, width int, at *int32, scales *float32, n int)
