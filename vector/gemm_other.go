//go:build !amd64

package vector

func gemmTile(k int, a, b, c []float32, stride int) { gemmTileGo(k, a, b, c, stride) }
