package vector

//go:noescape
func signsReachingAVX2(tables, signs *byte, columns int, scales *float32, n int, perStep, bias, least float32, mask *uint64) // columns a multiple of 8, n of 64

//go:noescape
func signsReachingAVX512(tables, signs *byte, columns int, scales *float32, n int, perStep, bias, least float32, mask *uint64) // columns a multiple of 8, n of 64

// signsReaching says whether there is a kernel. There is at least one group.
func signsReaching(tables, signs []byte, scales []float32, perStep, bias, least float32, mask []uint64) bool {
	switch columns := len(tables) / 32; {
	case features.AVX512:
		signsReachingAVX512(&tables[0], &signs[0], columns, &scales[0], len(scales), perStep, bias, least, &mask[0])
	case features.AVX2:
		signsReachingAVX2(&tables[0], &signs[0], columns, &scales[0], len(scales), perStep, bias, least, &mask[0])
	default:
		return false
	}
	return true
}
