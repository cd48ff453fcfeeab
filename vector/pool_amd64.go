package vector

// poolAtAVX512 pools up to 16 elements of each row, those of the mask. Rows begin width
// elements after each other.
//
//go:noescape
func poolAtAVX512(rows *float32, width int, scales *float32, at *int32, n int, mask uint32, most, sum *float32)

func poolAt(rows, scales []float32, at []int32, most, sum []float32) {
	if !features.AVX512 {
		poolAtGo(rows, scales, at, most, sum)
		return
	}
	for from := 0; from < len(most); from += 16 {
		mask := uint32(1)<<min(16, len(most)-from) - 1
		poolAtAVX512(&rows[from], len(most), &scales[0], &at[0], len(at), mask, &most[from], &sum[from])
	}
}
