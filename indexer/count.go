package indexer

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// CountFiles counts the files below the paths, for a progress bar: 0 where the
// number of documents does not follow from it.
func CountFiles(paths []string) int {
	n := 0
	for _, p := range paths {
		if p == "-" {
			return 0
		}
		if info, err := os.Stat(p); err == nil && !info.IsDir() {
			n++
			continue
		}
		// What can't be read is not counted; the walk itself reports it.
		_ = filepath.WalkDir(p, func(_ string, entry fs.DirEntry, err error) error {
			if err == nil && entry.Type().IsRegular() && !strings.HasPrefix(entry.Name(), ".") {
				n++
			}
			return nil
		})
	}
	return n
}
