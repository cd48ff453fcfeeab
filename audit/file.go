package audit

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// file is the open file of a log. It appends whole lines.
type file struct {
	path   string
	handle *os.File // nil: it must be opened
	torn   bool     // its last line is incomplete
	dirty  bool     // it has lines that were not flushed
}

// open opens the file and reports whether its last line is incomplete.
func (f *file) open() (torn bool, err error) {
	if info, err := os.Stat(f.path); err == nil && !info.Mode().IsRegular() {
		return false, fmt.Errorf("audit log %s: is not a regular file", f.path)
	}
	opened, err := os.OpenFile(f.path, os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o600)
	if err != nil {
		return false, fmt.Errorf("audit log: %w", err)
	}
	if torn, err = incomplete(opened); err != nil {
		opened.Close()
		return false, fmt.Errorf("audit log: %w", err)
	}
	f.handle, f.torn, f.dirty = opened, torn, false
	return torn, nil
}

// incomplete reports whether a file ends in the middle of a line.
func incomplete(f *os.File) (bool, error) {
	info, err := f.Stat()
	if err != nil || info.Size() == 0 {
		return false, err
	}
	var last [1]byte
	if _, err := f.ReadAt(last[:], info.Size()-1); err != nil && !errors.Is(err, io.EOF) {
		return false, err
	}
	return last[0] != '\n', nil
}

// append writes lines at the end of the file that has the path now.
func (f *file) append(lines []byte) error {
	if err := f.follow(); err != nil {
		return err
	}
	if f.torn {
		lines = append([]byte{'\n'}, lines...)
	}
	n, err := f.handle.Write(lines)
	f.dirty = f.dirty || n > 0
	switch {
	case err == nil:
		f.torn = false
	case n > 0:
		f.torn = lines[n-1] != '\n'
	}
	return err
}

// follow opens the file again if another one, or none, has its path: a program that
// rotates logs has renamed it.
func (f *file) follow() error {
	if f.handle != nil {
		held, err := f.handle.Stat()
		if err != nil {
			return err
		}
		named, err := os.Stat(f.path)
		if err == nil && os.SameFile(held, named) {
			return nil
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err := f.close(); err != nil {
			return err
		}
	}
	_, err := f.open()
	return err
}

// sync flushes the lines to the disk. After an error the file is opened again, because
// the operating system reports it only once.
func (f *file) sync() error {
	if f.handle == nil || !f.dirty {
		return nil
	}
	if err := f.handle.Sync(); err != nil {
		f.handle.Close()
		f.handle = nil
		return err
	}
	f.dirty = false
	return nil
}

func (f *file) close() error {
	if f.handle == nil {
		return nil
	}
	err := errors.Join(f.sync(), f.handle.Close())
	f.handle = nil
	return err
}
