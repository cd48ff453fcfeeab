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

// lock prevents a second process from writing to a folder. The system releases it
// when its process ends in any way, so a killed process leaves no lock. On Unix the
// folder itself is locked, so that removing the file "lock" does not unlock it. The
// file is locked too, for older versions, which lock only the file. It contains the
// pid of the writing process.
type lock struct{ files []*os.File }

// purpose says what a lock is for: several processes may read, or one may write.
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
		// A reader creates no file; the lock of the folder is enough.
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
		case f == folder && file != nil: // some network file systems cannot lock folders
		default:
			return nil, folderError("lock", f.Name(), err)
		}
	}
	// The pid is only for people. If it cannot be written, as on a full disk, the
	// lock still works.
	if p == toWrite && file.Truncate(0) == nil {
		_, _ = file.WriteAt(fmt.Appendf(nil, "%d\n", os.Getpid()), 0)
	}
	return l, nil
}

// inUse is the error of a folder that another process has locked. If a lock for
// reading succeeds, other processes are reading, whose pids are unknown.
func inUse(dir string, file, refused *os.File) error {
	if lockFile(refused, toRead) == nil {
		return &corpus.Error{
			Kind: corpus.ErrLocked, Op: "lock data folder", Thing: dir,
			Cause: errors.New("another command is reading it; try again when that command has ended"),
		}
	}
	holder := ""
	if file != nil {
		raw, _ := io.ReadAll(io.LimitReader(file, 32)) // only to find out who has it
		holder = strings.TrimSpace(string(raw))
	}
	if holder == "" {
		return &corpus.Error{
			Kind: corpus.ErrLocked, Op: "lock data folder", Thing: dir,
			Cause: errors.New("it is in use by another process; stop that process, or use it with --server"),
		}
	}
	return &corpus.Error{
		Kind: corpus.ErrLocked, Op: "lock data folder", Thing: dir,
		Cause: fmt.Errorf("it is in use by process %s; stop that process, or use it with --server", holder),
	}
}

// release unlocks the folder. A collection that was opened under the lock of another one has no lock.
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
