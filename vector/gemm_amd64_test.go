package vector

// gemmKernels are those that this processor runs.
func gemmKernels() map[string]func(k int, a, b, c []float32, stride int) {
	kernels := map[string]func(k int, a, b, c []float32, stride int){"chosen": gemmTile}
	if features.AVX2 {
		kernels["AVX2"] = gemmTileAVX2
	}
	if features.AVX512 {
		kernels["AVX-512"] = func(k int, a, b, c []float32, stride int) { gemmTileAVX512(k, &a[0], &b[0], &c[0], stride) }
	}
	return kernels
}
