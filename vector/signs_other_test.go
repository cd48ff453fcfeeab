//go:build !amd64

package vector

func signKernels() map[string]signKernel { return nil }
