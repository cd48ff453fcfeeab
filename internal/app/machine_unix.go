//go:build unix

package app

import (
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// freeBytes is the room for an ordinary user where the folder is, or will be.
func freeBytes(dir string) (int64, error) {
	free, _, err := diskSpace(dir)
	return int64(free), err
}

// diskSpace measures the disk that the folder is on, or will be: the bytes that
// are free for an ordinary user, and all bytes.
func diskSpace(dir string) (free, size uint64, err error) {
	for {
		if _, err := os.Stat(dir); err == nil || dir == filepath.Dir(dir) {
			break
		}
		dir = filepath.Dir(dir)
	}
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return 0, 0, &os.PathError{Op: "statfs", Path: dir, Err: err}
	}
	return uint64(s.Bavail) * uint64(s.Bsize), uint64(s.Blocks) * uint64(s.Bsize), nil
}

// openFiles is how many may be open at a time.
func openFiles() uint64 {
	var l unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &l); err != nil {
		return 0
	}
	return uint64(l.Cur)
}
