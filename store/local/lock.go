package local

import (
	"fmt"
	"io"
	"os"
	"strings"

	"dalil/corpus"
)

// lock keeps a second process out of a folder. The system drops it when its
// holder ends, however that happens, so a killed process leaves none behind.
type lock struct{ file *os.File }

func acquire(path string) (*lock, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the lock: %w", err)
	}
	if err := lockFile(f); err != nil {
		holder, _ := io.ReadAll(io.LimitReader(f, 32)) // only to name the holder
		f.Close()
		return nil, fmt.Errorf("%w: %s is in use by process %s; stop it, or ask it with --server",
			corpus.ErrLocked, path, strings.TrimSpace(string(holder)))
	}
	// The pid is for people: where it can't be written, on a full disk, the lock
	// holds all the same.
	if f.Truncate(0) == nil {
		_, _ = f.WriteAt(fmt.Appendf(nil, "%d\n", os.Getpid()), 0)
	}
	return &lock{f}, nil
}

// release lets the folder go; a collection opened under another's lock has none.
func (l *lock) release() error {
	if l == nil {
		return nil
	}
	return l.file.Close()
}
