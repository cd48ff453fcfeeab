package vector

// dotsAt256AVX512 multiplies n rows, at least 1, of 256 elements with groups of four
// vectors.
//
//go:noescape
func dotsAt256AVX512(vectors *float32, groups int, rows *int8, at *int32, n int, factors, out *float32)

// dotsAt reports whether it multiplied all.
func dotsAt(vectors []float32, width int, rows []int8, at []int32, factors, out []float32) bool {
	if !features.AVX512 || width != 256 {
		return false
	}
	dotsAt256AVX512(&vectors[0], len(vectors)/(4*width), &rows[0], &at[0], len(at), &factors[0], &out[0])
	return true
}
