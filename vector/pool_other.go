//go:build !amd64

package vector

func poolRuns(_, _ []float32, _ int, _, _ []int32, _, _ []float32) bool { return false }
