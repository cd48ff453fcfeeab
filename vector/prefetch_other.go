//go:build !amd64

package vector

import "unsafe"

func prefetch(_ *byte, _ int) {}

func prefetchAt(_ *int8, _ int, _ *int32, _ int) {}

func prefetchEach(_ unsafe.Pointer, _ int, _ *int32, _ int, _ uint8) {}
