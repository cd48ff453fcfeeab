package local_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dalil/corpus"
	"dalil/store"
)

// A write is not acknowledged once the files that it goes to are removed, moved
// or replaced, and the store is not ready; what is in memory answers.
func TestNoWriteIsAcknowledgedIntoARemovedFile(t *testing.T) {
	for name, spoil := range map[string]func(dir, collection string) error{
		"the folder is removed":    func(dir, _ string) error { return os.RemoveAll(dir) },
		"the folder is moved":      func(dir, _ string) error { return os.Rename(dir, dir+".moved") },
		"the database is removed":  func(_, collection string) error { return os.Remove(filepath.Join(collection, "dalil.db")) },
		"SQLite's log is removed":  func(_, collection string) error { return os.Remove(filepath.Join(collection, "dalil.db-wal")) },
		"the database is replaced": func(_, collection string) error { return replaced(filepath.Join(collection, "dalil.db")) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "data")
			s := openSmall(t, dir)
			create(t, s)
			put(t, s, smallEntry("first", "1", 1))
			if err := s.Ready(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := spoil(dir, collectionDir(t, dir)); err != nil {
				t.Skip(err) // Windows keeps open files
			}
			err := s.Put(t.Context(), []store.Entry{smallEntry("second", "1", 1)})
			if corpus.KindOf(err) != corpus.ErrMissing || !strings.Contains(err.Error(), dir) {
				t.Errorf("a write got %v (%v), want %v that names the file", err, corpus.KindOf(err), corpus.ErrMissing)
			}
			if err := s.Ready(t.Context()); !strings.Contains(name, "log") && corpus.KindOf(err) != corpus.ErrMissing {
				t.Errorf("Ready: got %v, want %v", err, corpus.ErrMissing)
			}
		})
	}
}

// replaced puts another file of the same content in a file's place.
func replaced(path string) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := os.WriteFile(path+".copy", content, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".copy", path)
}
