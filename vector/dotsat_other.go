//go:build !amd64

package vector

func dotsAt(_ []float32, _ int, _ []int8, _ []int32, _, _ []float32) bool { return false }
