//go:build !linux

package local

import "os"

// occupy gives a file so many bytes of the disk from an offset on.
func occupy(f *os.File, from, bytes int64) error { return occupyByWriting(f, from, bytes) }

// takesSpace reports whether a file takes any space of the disk.
func takesSpace(os.FileInfo) bool { return true }
