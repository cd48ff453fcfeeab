package training

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// WriteFile writes a file beside its place and renames it, so that a full disk or
// a process that is killed leaves the old file whole. Parent folders are made.
func WriteFile(path string, data []byte) error {
	if err := regular(path); err != nil {
		return err
	}
	return writeFiles(filepath.Dir(path), map[string][]byte{filepath.Base(path): data})
}

// writeFiles writes all files of a folder beside their places and renames them
// when the last one is on disk.
func writeFiles(dir string, files map[string][]byte) (err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	written := map[string]string{} // name → the file beside its place
	defer func() {
		for _, beside := range written {
			err = errors.Join(err, os.Remove(beside))
		}
	}()
	for name, data := range files {
		f, err := os.CreateTemp(dir, "."+name+".new-*")
		if err != nil {
			return err
		}
		written[name] = f.Name()
		_, err = f.Write(data)
		err = errors.Join(err, f.Chmod(0o644), f.Sync())
		if err = errors.Join(err, f.Close()); err != nil {
			return fmt.Errorf("write %s: %w", filepath.Join(dir, name), err)
		}
	}
	for name := range files {
		if err := os.Rename(written[name], filepath.Join(dir, name)); err != nil {
			return err
		}
		delete(written, name)
	}
	return nil
}

// TryFile reports why [WriteFile] could not write a file, before the work is
// done that makes it: the folder is made and written to.
func TryFile(path string) error {
	if err := regular(path); err != nil {
		return err
	}
	return tryFolder(filepath.Dir(path))
}

// regular returns an error for a path that names something else than a file. A
// device such as /dev/null would be replaced by the rename.
func regular(path string) error {
	switch info, err := os.Stat(path); {
	case err != nil || info.Mode().IsRegular():
		return nil
	case info.IsDir():
		return fmt.Errorf("%s is a folder, not a file", path)
	default:
		return fmt.Errorf("%s is a device, pipe or socket, not a regular file", path)
	}
}

// TryFolder reports why a model could not be written into a folder.
func TryFolder(dir string) error {
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return fmt.Errorf("%s is a file, not a folder", dir)
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return tryFolder(dir)
}

func tryFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".try-*")
	if err != nil {
		return fmt.Errorf("%s cannot be written to: %w", dir, err)
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}
