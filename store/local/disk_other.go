//go:build !unix

package local

import "path/filepath"

// diskOf returns the name of the volume that holds the folder.
func diskOf(folder string) string { return filepath.VolumeName(folder) }
