//go:build !amd64

package vector

func detect() Features { return Features{} }
