package local

import (
	"os"

	"golang.org/x/sys/windows"
)

// openToLock opens nothing. On Windows an open file cannot be removed, so the lock
// file is enough.
func openToLock(string) (*os.File, error) { return nil, nil }

// lockFile locks a byte far behind the pid, so that other processes can still read the pid.
func lockFile(f *os.File, p purpose) error {
	how := uint32(windows.LOCKFILE_FAIL_IMMEDIATELY)
	if p == toWrite {
		how |= windows.LOCKFILE_EXCLUSIVE_LOCK
	}
	return windows.LockFileEx(windows.Handle(f.Fd()), how, 0, 1, 0, &windows.Overlapped{OffsetHigh: 1})
}

// isHeld reports whether a lock was refused because another process has it.
func isHeld(err error) bool {
	return err == windows.ERROR_LOCK_VIOLATION || err == windows.ERROR_IO_PENDING
}
