//go:build unix

package local

import (
	"os"

	"golang.org/x/sys/unix"
)

// openToLock opens the folder itself. A lock on it does not depend on the files in
// the folder.
func openToLock(dir string) (*os.File, error) { return os.Open(dir) }

func lockFile(f *os.File, p purpose) error {
	how := unix.LOCK_SH
	if p == toWrite {
		how = unix.LOCK_EX
	}
	for {
		if err := unix.Flock(int(f.Fd()), how|unix.LOCK_NB); err != unix.EINTR {
			return err
		}
	}
}

// isHeld reports whether a lock was refused because another process has it.
func isHeld(err error) bool { return err == unix.EWOULDBLOCK }
