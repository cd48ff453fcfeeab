package vector

import "unsafe"

//go:noescape
func prefetch(first *byte, n int)

// prefetchAt takes n rows, at least 1.
//
//go:noescape
func prefetchAt(rows *int8, width int, at *int32, n int)

// prefetchEach takes n elements, at least 1.
//
//go:noescape
func prefetchEach(table unsafe.Pointer, size int, at *int32, n int, shift uint8)
