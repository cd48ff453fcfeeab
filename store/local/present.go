package local

import (
	"fmt"
	"os"

	"dalil/corpus"
)

// present refuses a database whose file was removed, moved or replaced while it
// is open. SQLite would go on to write to the open file, which no process can open
// again, and these writes would be acknowledged and lost.
func (d *database) present() error {
	if d.file == nil {
		return nil
	}
	return sameFile(d.path, d.file)
}

// logPresent does the same for SQLite's log. Only the writer calls it, after a
// commit: from the first one on, the log stays until the database is closed.
func (d *database) logPresent() error {
	path := d.path + "-wal"
	if d.log == nil {
		d.log, _ = os.Stat(path) // not there yet: the next commit looks again
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
			"nothing more is written; export or back up what is held, then stop this process and restore the data folder"),
	}
}
