//go:build !amd64

package vector

func atLeast(_ []int32, _ []float32, _ int32, _ float32, _ []uint64) (done int) { return 0 }

func reaching(_ []float32, _ float32, _ []uint64) (done int) { return 0 }
