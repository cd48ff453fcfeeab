//go:build !amd64

package vector

func signsReaching(_, _ []byte, _ []float32, _, _, _ float32, _ []uint64) bool { return false }
