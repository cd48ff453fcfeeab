package local

import (
	"errors"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// occupy gives a file so many bytes of the disk from an offset on.
func occupy(f *os.File, from, bytes int64) error {
	for {
		err := unix.Fallocate(int(f.Fd()), 0, from, bytes)
		switch {
		case errors.Is(err, unix.EINTR):
		case errors.Is(err, unix.EOPNOTSUPP) || errors.Is(err, unix.ENOSYS):
			return occupyByWriting(f, from, bytes)
		default:
			return err
		}
	}
}

// takesSpace reports whether a file takes any space of the disk.
func takesSpace(info os.FileInfo) bool {
	stat, is := info.Sys().(*syscall.Stat_t)
	return !is || stat.Blocks > 0
}
