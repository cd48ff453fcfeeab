package vector

// signKernels are those that this processor runs.
func signKernels() map[string]signKernel {
	kernels := map[string]signKernel{}
	if features.AVX2 {
		kernels["AVX2"] = func(tables, signs []byte, scales []float32, perStep, bias, least float32, mask []uint64) {
			signsReachingAVX2(&tables[0], &signs[0], len(tables)/32, &scales[0], len(scales), perStep, bias, least, &mask[0])
		}
	}
	if features.AVX512 {
		kernels["AVX-512"] = func(tables, signs []byte, scales []float32, perStep, bias, least float32, mask []uint64) {
			signsReachingAVX512(&tables[0], &signs[0], len(tables)/32, &scales[0], len(scales), perStep, bias, least, &mask[0])
		}
	}
	return kernels
}
