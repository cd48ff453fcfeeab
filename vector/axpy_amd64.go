package vector

// The kernels take whole blocks of eight and say how many elements they did.

func addScaled(dst, row []float32, scale float32) (done int) {
	done = len(row) &^ 7
	if !features.AVX2 || done == 0 {
		return 0
	}
	addScaledAVX2(&dst[0], &row[0], done, scale)
	return done
}

func addScaledInt8(dst []float32, row []int8, scale float32) (done int) {
	done = len(row) &^ 7
	if !features.AVX2 || done == 0 {
		return 0
	}
	addScaledInt8AVX2(&dst[0], &row[0], done, scale)
	return done
}

func dot4Int8(vectors []float32, row, ahead []int8, products *[4]float32) (done int) {
	if done = len(row) &^ 31; features.AVX512 && done > 0 {
		dot4Int8AVX512(&vectors[0], &row[0], done, len(row), products, &ahead[0])
		return done
	}
	done = len(row) &^ 7
	if !features.AVX2 || done == 0 {
		return 0
	}
	dot4Int8AVX2(&vectors[0], &row[0], done, len(row), products)
	return done
}

//go:noescape
func addScaledAVX2(dst, row *float32, n int, scale float32)

//go:noescape
func addScaledInt8AVX2(dst *float32, row *int8, n int, scale float32)

// dot4Int8AVX2 takes n elements of vectors that lie stride apart.
//
//go:noescape
func dot4Int8AVX2(vectors *float32, row *int8, n, stride int, products *[4]float32)

// dot4Int8AVX512 is dot4Int8AVX2 for a multiple of 32 elements. It prefetches n bytes of ahead.
//
//go:noescape
func dot4Int8AVX512(vectors *float32, row *int8, n, stride int, products *[4]float32, ahead *int8)
