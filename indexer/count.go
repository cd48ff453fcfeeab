package indexer

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// CountFiles counts the files below the paths, for a progress bar. It returns 0 if
// the number of documents may differ from the number of files.
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
		// Files that cannot be read are not counted; the walk itself reports them.
		_ = filepath.WalkDir(p, func(_ string, entry fs.DirEntry, err error) error {
			if err == nil && entry.Type().IsRegular() && !strings.HasPrefix(entry.Name(), ".") {
				n++
			}
			return nil
		})
	}
	return n
}
