//go:build !amd64

package vector

// Without a kernel nothing is done here and all by the plain loops.

func addScaled(_, _ []float32, _ float32) (done int) { return 0 }

func addScaledInt8(_ []float32, _ []int8, _ float32) (done int) { return 0 }

func dot4Int8(_ []float32, _, _ []int8, _ *[4]float32) (done int) { return 0 }
