package vector

//go:noescape
func atLeastAVX2(products *int32, scales *float32, n int, bias int32, least float32, mask *uint64) // n a multiple of 8

//go:noescape
func atLeastAVX512(products *int32, scales *float32, n int, bias int32, least float32, mask *uint64) // n a multiple of 16

// atLeast says how many products it did.
func atLeast(products []int32, scales []float32, bias int32, least float32, mask []uint64) (done int) {
	switch done = len(products) &^ 15; {
	case done == 0:
	case features.AVX512:
		atLeastAVX512(&products[0], &scales[0], done, bias, least, &mask[0])
	case features.AVX2:
		atLeastAVX2(&products[0], &scales[0], done, bias, least, &mask[0])
	default:
		return 0
	}
	return done
}

//go:noescape
func reachingAVX2(scores *float32, n int, least float32, mask *uint64) // n a multiple of 8

// reaching says how many scores it did.
func reaching(scores []float32, least float32, mask []uint64) (done int) {
	if done = len(scores) &^ 7; !features.AVX2 || done == 0 {
		return 0
	}
	reachingAVX2(&scores[0], done, least, &mask[0])
	return done
}
