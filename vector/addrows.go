package vector

// addRowsAhead is how many rows are asked for while as many are added.
const addRowsAhead = 16

// AddRowsInt8 is [AddScaledInt8] of scattered rows of a row-major matrix, one after the
// other: rows have the width of dst, and row at[i] is multiplied by scales[i]. It gives the
// same bits.
func AddRowsInt8(dst []float32, rows []int8, at []int32, scales []float32) {
	width := len(dst)
	if len(scales) != len(at) {
		panic("vector: AddRowsInt8 needs a scale for each row")
	}
	for _, row := range at {
		_ = rows[int(row)*width : (int(row)+1)*width]
	}
	if width == 0 || len(at) == 0 {
		return
	}
	prefetchAt(&rows[0], width, &at[0], min(addRowsAhead, len(at)))
	for from := 0; from < len(at); from += addRowsAhead {
		to := min(from+addRowsAhead, len(at))
		if to < len(at) {
			prefetchAt(&rows[0], width, &at[to], min(addRowsAhead, len(at)-to))
		}
		done := addRowsInt8(dst, rows, at[from:to], scales[from:to])
		for i := from; i < to && done < width; i++ {
			first := int(at[i]) * width
			AddScaledInt8(dst[done:], rows[first+done:first+width], scales[i])
		}
	}
}
