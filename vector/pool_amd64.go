package vector

// poolRunsAVX512 pools up to 16 elements of each row, those of the mask. Rows begin width
// elements after each other, those of most and sums too. There is at least one run.
//
//go:noescape
func poolRunsAVX512(rows *float32, width int, scales *float32, at, ends *int32, runs int, mask uint32, most, sums *float32)

// poolRuns reports whether it pooled all.
func poolRuns(rows, scales []float32, width int, at, ends []int32, most, sums []float32) bool {
	if !features.AVX512 {
		return false
	}
	for from := 0; from < width; from += 16 {
		mask := uint32(1)<<min(16, width-from) - 1
		poolRunsAVX512(&rows[from], width, &scales[0], &at[0], &ends[0], len(ends), mask, &most[from], &sums[from])
	}
	return true
}
