package vector

// twoBitKernels are those that this processor runs.
func twoBitKernels() map[string]func(query []int8, rows []byte, out []int32) {
	kernels := map[string]func(query []int8, rows []byte, out []int32){"chosen": DotTwoBitRows, "go": dotTwoBitRowsGo}
	if features.AVX2 {
		kernels["AVX2"] = func(query []int8, rows []byte, out []int32) {
			if len(query) > 0 && len(out) > 0 {
				dotTwoBitRowsAVX2(&query[0], &rows[0], len(query)/4, len(out), &out[0])
			}
		}
	}
	if features.VNNI { // rows of one block have a kernel of their own where there is GFNI
		kernels["VNNI"] = func(query []int8, rows []byte, out []int32) {
			done := len(out) &^ 3
			if len(query) > 0 && done > 0 {
				dotTwoBitRowsVNNI(&query[0], &rows[0], len(query)/4, done, &out[0])
			}
			dotTwoBitRowsGo(query, rows[done*len(query)/4:], out[done:])
		}
	}
	return kernels
}

func atLeastKernels() map[string]func(products *int32, scales *float32, n int, bias int32, least float32, mask *uint64) {
	kernels := map[string]func(products *int32, scales *float32, n int, bias int32, least float32, mask *uint64){}
	if features.AVX2 {
		kernels["AVX2"] = atLeastAVX2
	}
	if features.AVX512 {
		kernels["AVX-512"] = atLeastAVX512
	}
	return kernels
}
