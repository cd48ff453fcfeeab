//go:build unix

package files

import (
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// tryLock locks a file until it is closed, and reports whether it could.
func tryLock(f *os.File) (bool, error) {
	err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if err == unix.EWOULDBLOCK || err == unix.EINTR {
		return false, nil
	}
	return err == nil, err
}

// keepOwner gives the new file the owner and the group of the old one, so that a
// server that runs as another user can go on reading it. Only root may do so; for
// other users the file is their own before and after.
func keepOwner(f *os.File, old fs.FileInfo) {
	if of, ok := old.Sys().(*syscall.Stat_t); ok {
		_ = f.Chown(int(of.Uid), int(of.Gid))
	}
}

// syncFolder makes a rename durable.
func syncFolder(folder string) error {
	f, err := os.Open(folder)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}
