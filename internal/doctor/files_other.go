//go:build !unix

package doctor

// openFiles is not supported on this system.
func openFiles() uint64 { return 0 }
