//go:build unix && !linux

package local

// largePages does nothing on this system.
func largePages([]byte) {}
