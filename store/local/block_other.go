//go:build !unix

package local

// offHeap returns nil on this system, so that the block is allocated on the heap.
func offHeap(int) *block { return nil }
