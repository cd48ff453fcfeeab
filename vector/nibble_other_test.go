//go:build !amd64

package vector

func nibbleKernels() map[string]func(query []int8, rows []byte, out []int32) {
	return map[string]func(query []int8, rows []byte, out []int32){"chosen": DotNibbleRows, "go": dotNibbleRowsGo}
}
