//go:build unix

package local

import (
	"runtime"
	"syscall"
)

// offHeap asks the system for zeroed memory and gives it back once nothing
// points to the block. It returns nil where the system refuses.
func offHeap(size int) *block {
	bytes, err := syscall.Mmap(-1, 0, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		return nil
	}
	largePages(bytes)
	b := &block{bytes}
	runtime.AddCleanup(b, func(bytes []byte) { _ = syscall.Munmap(bytes) }, bytes)
	return b
}
