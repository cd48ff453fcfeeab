package vector

// nibbleKernels are those that this processor runs.
func nibbleKernels() map[string]func(query []int8, rows []byte, out []int32) {
	kernels := map[string]func(query []int8, rows []byte, out []int32){"chosen": DotNibbleRows, "go": dotNibbleRowsGo}
	if features.AVX2 {
		kernels["AVX2"] = func(query []int8, rows []byte, out []int32) {
			if len(query) > 0 && len(out) > 0 {
				dotNibbleRowsAVX2(&query[0], &rows[0], len(query)/2, len(out), &out[0])
			}
		}
	}
	return kernels
}
