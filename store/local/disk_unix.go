//go:build unix

package local

import (
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
