//go:build linux || darwin

package local

import (
	"os"
	"syscall"
)

// mapFile maps the beginning of a file for reading. What is written to the file
// later shows in the mapping, and so does what lies behind its end now.
func mapFile(f *os.File, size int64) ([]byte, error) {
	if size == 0 {
		return nil, nil
	}
	return syscall.Mmap(int(f.Fd()), 0, int(size), syscall.PROT_READ, syscall.MAP_SHARED)
}

func unmapFile(mapped []byte) error {
	if mapped == nil {
		return nil
	}
	return syscall.Munmap(mapped)
}
