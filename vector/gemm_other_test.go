//go:build !amd64

package vector

func gemmKernels() map[string]func(k int, a, b, c []float32, stride int) {
	return map[string]func(k int, a, b, c []float32, stride int){"chosen": gemmTile}
}
