package main

import (
	"io/fs"
	"syscall"
)

// onDisk is how many bytes of the disk a file has: fewer than its length if it has holes.
func onDisk(info fs.FileInfo) int64 {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return s.Blocks * 512
	}
	return info.Size()
}
