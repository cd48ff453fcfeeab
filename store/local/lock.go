package local

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"dalil/corpus"
)

// lock keeps a second process that writes out of a folder. The system drops it
// when its holder ends, however that happens, so a killed process leaves none
// behind. On Unix the folder itself is locked, so that removing the file "lock"
// changes nothing; the file is locked too, for older versions, which look at it
// alone, and holds the pid of the process that writes.
type lock struct{ files []*os.File }

// purpose is what a lock is for: many may read, or one may write.
type purpose bool

const (
	toRead  purpose = false
	toWrite purpose = true
)

func acquire(dir string, p purpose) (_ *lock, err error) {
	l := &lock{}
	defer func() {
		if err != nil {
			err = errors.Join(err, l.release())
		}
	}()
	path := filepath.Join(dir, "lock")
	if info, err := os.Lstat(path); p == toWrite && err == nil && info.Mode()&fs.ModeSymlink != 0 {
		return nil, &corpus.Error{
			Kind: corpus.ErrDenied, Op: "lock data folder", Thing: dir,
			Cause: fmt.Errorf("the file %s is a symbolic link, and writing it would overwrite another file; remove the link", path),
		}
	}
	flags := os.O_RDONLY
	if p == toWrite {
		flags = os.O_CREATE | os.O_RDWR
	}
	file, err := os.OpenFile(path, flags, 0o600)
	switch {
	case err == nil:
		l.files = append(l.files, file)
	case p == toRead && (errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission)):
		// A reader makes no file; the folder's own lock is enough.
	default:
		return nil, folderError("open lock file", path, err)
	}
	folder, err := openToLock(dir)
	if err != nil {
		return nil, folderError("lock folder", dir, err)
	}
	if folder != nil {
		l.files = append(l.files, folder)
	}
	for _, f := range l.files {
		switch err := lockFile(f, p); {
		case err == nil:
		case isHeld(err):
			return nil, inUse(dir, file, f)
		case f == folder && file != nil: // some network file systems lock no folders
		default:
			return nil, folderError("lock", f.Name(), err)
		}
	}
	// The pid is for people: where it can't be written, on a full disk, the lock
	// holds all the same.
	if p == toWrite && file.Truncate(0) == nil {
		_, _ = file.WriteAt(fmt.Appendf(nil, "%d\n", os.Getpid()), 0)
	}
	return l, nil
}

// inUse is the error of a folder that another process has locked. A lock that
// can be had for reading is held by readers, of which no pid is known.
func inUse(dir string, file, refused *os.File) error {
	if lockFile(refused, toRead) == nil {
		return &corpus.Error{
			Kind: corpus.ErrLocked, Op: "lock data folder", Thing: dir,
			Cause: errors.New("another command is reading it; wait until that has ended"),
		}
	}
	holder := ""
	if file != nil {
		raw, _ := io.ReadAll(io.LimitReader(file, 32)) // only to name the holder
		holder = strings.TrimSpace(string(raw))
	}
	if holder == "" {
		return &corpus.Error{
			Kind: corpus.ErrLocked, Op: "lock data folder", Thing: dir,
			Cause: errors.New("it is in use by another process; stop it, or ask it with --server"),
		}
	}
	return &corpus.Error{
		Kind: corpus.ErrLocked, Op: "lock data folder", Thing: dir,
		Cause: fmt.Errorf("it is in use by process %s; stop it, or ask it with --server", holder),
	}
}

// release lets the folder go; a collection opened under another's lock has none.
func (l *lock) release() error {
	if l == nil {
		return nil
	}
	var errs []error
	for _, f := range l.files {
		errs = append(errs, f.Close())
	}
	l.files = nil
	return errors.Join(errs...)
}
