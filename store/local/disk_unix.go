//go:build unix

package local

import (
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// diskOf returns where the disk that holds the folder is mounted, or "".
func diskOf(folder string) string {
	at, err := filepath.Abs(folder)
	if err != nil {
		return ""
	}
	if resolved, err := filepath.EvalSymlinks(at); err == nil {
		at = resolved
	}
	var here, above unix.Stat_t
	if unix.Stat(at, &here) != nil {
		return ""
	}
	for at != filepath.Dir(at) {
		if unix.Stat(filepath.Dir(at), &above) != nil || above.Dev != here.Dev {
			break
		}
		at = filepath.Dir(at)
	}
	return at
}

// diskSpace returns how many bytes are free for an ordinary user on the folder's
// disk, and the size of the disk. The folder need not exist.
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
