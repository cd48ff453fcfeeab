//go:build !amd64

package vector

func prefetch(_ *byte, _ int) {}

func prefetchAt(_ *int8, _ int, _ *int32, _ int) {}
