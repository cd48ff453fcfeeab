package vector

import "fmt"

// poolRunsAVX512 pools up to 16 elements of each row, those of the mask. Rows begin width
// elements after each other, those of most and sums too. There is at least one run. It
// returns the first number in at that is not below rows; -1: there is none. It checks while
// it waits for sums, which costs nothing.
//
//go:noescape
func poolRunsAVX512(first *float32, width int, scales *float32, rows int, at, ends *int32, runs int, mask uint32, most, sums *float32) int

// poolRuns reports whether it pooled all.
func poolRuns(rows, scales []float32, width int, at, ends []int32, most, sums []float32) bool {
	if !features.AVX512 || len(scales) == 0 {
		return false
	}
	for from := 0; from < width; from += 16 {
		mask := uint32(1)<<min(16, width-from) - 1
		bad := poolRunsAVX512(&rows[from], width, &scales[0], len(scales), &at[0], &ends[0], len(ends), mask, &most[from], &sums[from])
		if bad >= 0 {
			panic(fmt.Sprintf("vector: row %d of %d", at[bad], len(scales)))
		}
	}
	return true
}
