package vector

//go:noescape
func gemmTileAVX512(k int, a, b, c *float32, stride int)

//go:noescape
func gemmHalfAVX2(k int, a, b, c *float32, stride int)

func gemmTile(k int, a, b, c []float32, stride int) {
	switch {
	case features.AVX512:
		gemmTileAVX512(k, &a[0], &b[0], &c[0], stride)
	case features.AVX2:
		gemmTileAVX2(k, a, b, c, stride)
	default:
		gemmTileGo(k, a, b, c, stride)
	}
}

func gemmTileAVX2(k int, a, b, c []float32, stride int) {
	for _, row := range [2]int{0, 4} {
		for _, column := range [2]int{0, 16} {
			gemmHalfAVX2(k, &a[row], &b[column], &c[row*stride+column], stride)
		}
	}
}
