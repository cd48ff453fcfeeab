//go:build !unix

package local

import (
	"errors"
	"path/filepath"
)

// diskOf returns the name of the volume that holds the folder.
func diskOf(folder string) string { return filepath.VolumeName(folder) }

// diskSpace is not supported on this system.
func diskSpace(string) (free, size uint64, err error) { return 0, 0, errors.ErrUnsupported }
