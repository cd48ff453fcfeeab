//go:build !amd64

package vector

// Without a kernel nothing is done here and all by the plain loop.
func dotTwoBitRows(_ []int8, _ []byte, _ []int32) (done int) { return 0 }

func dotTwoBitAt(_ []int8, _ []byte, _ []uint32, _ []int32) (done int) { return 0 }
