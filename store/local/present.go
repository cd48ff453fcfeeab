package local

import (
	"fmt"
	"os"

	"dalil/corpus"
)

// present returns an error if the database's file was removed, moved or replaced
// while it is open. SQLite would continue to write to the open file, which no
// process can open again, and these writes would be acknowledged and lost.
func (d *database) present() error {
	if d.file == nil {
		return nil
	}
	return sameFile(d.path, d.file)
}

// logPresent checks SQLite's log in the same way. Only the writer calls it, after a
// commit. From the first commit on, the log exists until the database is closed.
func (d *database) logPresent() error {
	path := d.path + "-wal"
	if d.log == nil {
		d.log, _ = os.Stat(path) // it does not exist yet; the next commit checks again
		return nil
	}
	return sameFile(path, d.log)
}

func sameFile(path string, opened os.FileInfo) error {
	if info, err := os.Stat(path); err == nil && os.SameFile(info, opened) {
		return nil
	}
	return &corpus.Error{
		Kind: corpus.ErrMissing, Op: "write", Thing: path,
		Cause: fmt.Errorf("the file was removed, moved or replaced while this process had it open; " +
			"nothing more is written; export or back up the index, then stop this process and restore the data folder"),
	}
}
