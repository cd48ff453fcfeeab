//go:build !amd64

package vector

func poolAt(rows, scales []float32, at []int32, most, sum []float32) {
	poolAtGo(rows, scales, at, most, sum)
}
