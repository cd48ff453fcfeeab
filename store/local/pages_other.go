//go:build unix && !linux

package local

// largePages is a matter of Linux.
func largePages([]byte) {}
