//go:build unix

package doctor

import "golang.org/x/sys/unix"

// openFiles returns how many files may be open at a time.
func openFiles() uint64 {
	var l unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &l); err != nil {
		return 0
	}
	return uint64(l.Cur)
}
