package files

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Update replaces a file in one step by what change makes of its content; a file that
// does not exist is made if missing allows it, and change then gets nil. Readers see
// the old content or the new one. Of several updates at once, in one process or in
// many, each sees the result of the one before. A new file has the mode 0600. An
// existing one keeps its owner and its mode, without the rights of other users. With
// an error of change, nothing is written. Update returns when the content is durable.
func Update(path string, most int64, missing bool, change func([]byte) ([]byte, error)) error {
	// The link stays, and the file that it leads to is replaced.
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	release, err := lock(path)
	if err != nil {
		return err
	}
	defer release()
	old, err := os.Stat(path)
	var raw []byte
	switch {
	case err == nil:
		if raw, err = Read(path, most); err != nil {
			return err
		}
	case !errors.Is(err, fs.ErrNotExist) || !missing:
		return Wrong("read", path, err)
	}
	if raw, err = change(raw); err != nil {
		return err
	}
	return replace(path, old, raw)
}

// replace writes a new file beside path and renames it.
func replace(path string, old fs.FileInfo, content []byte) (err error) {
	folder := filepath.Dir(path)
	f, err := os.CreateTemp(folder, "."+filepath.Base(path)+".*.tmp") // mode 0600
	if err != nil {
		return Wrong("write", path, err)
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = os.Remove(f.Name()) // only a remain
			err = Wrong("write", path, err)
		}
	}()
	if old != nil {
		if err := f.Chmod(old.Mode().Perm() &^ 0o007); err != nil {
			return err
		}
		keepOwner(f, old)
	}
	if _, err := f.Write(content); err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	return syncFolder(folder)
}
