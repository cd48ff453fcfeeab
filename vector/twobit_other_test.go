//go:build !amd64

package vector

func twoBitKernels() map[string]func(query []int8, rows []byte, out []int32) {
	return map[string]func(query []int8, rows []byte, out []int32){"chosen": DotTwoBitRows, "go": dotTwoBitRowsGo}
}

func atLeastKernels() map[string]func(products *int32, scales *float32, n int, bias int32, least float32, mask *uint64) {
	return nil
}
