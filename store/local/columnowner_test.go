package local_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"dalil/store"
	"dalil/store/local"
)

// whereDatabase is where the header of a file of profiles has the identity of its database.
const whereDatabase = 44

// keepingOf is a folder with documents of one author and their profiles.
func keepingOf(t *testing.T, by *scribe, author string) string {
	t.Helper()
	dir := t.TempDir()
	s := openSmall(t, dir)
	create(t, s)
	s.KeepProfiles(by)
	var entries []store.Entry
	for i := range 20 {
		entries = append(entries, richEntry(fmt.Sprintf("d%03d", i), "1", author))
	}
	put(t, s, entries...)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

// Documents of two folders have the same keys, passages and texts, and other authors. The
// fields of the one are never shown for the other.
func TestProfilesOfAnotherFolderAreNotUsed(t *testing.T) {
	by := &scribe{name: "a"}
	mine, other := keepingOf(t, by, "Amina"), keepingOf(t, by, "Omar")
	foreign, err := os.ReadFile(profileFiles(t, other)[0])
	if err != nil {
		t.Fatal(err)
	}
	for name, beside := range map[string]bool{"in place of the file": false, "beside the file": true} {
		t.Run(name, func(t *testing.T) {
			dir := copyFolder(t, mine)
			path := profileFiles(t, dir)[0]
			if beside {
				path = filepath.Join(filepath.Dir(path), "ffffffffffffffff.profiles")
			}
			if err := os.WriteFile(path, foreign, 0o600); err != nil {
				t.Fatal(err)
			}
			reader, err := local.Open(t.Context(), local.Options{Dir: dir, Pipeline: smallPipeline(), ReadOnly: true})
			if err != nil {
				t.Fatal(err)
			}
			reader.KeepProfiles(by)
			checkPassages(t, reader)
			if err := reader.Close(); err != nil {
				t.Fatal(err)
			}
			s := openSmall(t, dir)
			s.KeepProfiles(by)
			checkPassages(t, s)
			complete(t, s, by)
			checkPassages(t, s)
			if n := len(profileFiles(t, dir)); n != 1 {
				t.Errorf("%d files, want 1", n)
			}
		})
	}
}

// A file that an earlier version made names no database. It is used and gets no more
// blocks, and what is copied out of it is worked out again.
func TestProfilesOfAnEarlierVersionAreUsed(t *testing.T) {
	by := &scribe{name: "a", size: 100_000}
	dir := keeping(t, by, 10)
	path := profileFiles(t, dir)[0]
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if database := data[whereDatabase : whereDatabase+8]; string(database) == string(make([]byte, 8)) {
		t.Fatal("the file names no database")
	}
	clear(data[whereDatabase : whereDatabase+8])
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	made := by.made.Load()
	s := openSmall(t, dir)
	s.KeepProfiles(by)
	complete(t, s, by)
	if by.made.Load() != made || len(profileFiles(t, dir)) != 1 {
		t.Errorf("%d profiles were made again, %d files", by.made.Load()-made, len(profileFiles(t, dir)))
	}
	put(t, s, smallEntry("new", "1", 2))
	if n := len(profileFiles(t, dir)); n != 2 {
		t.Errorf("%d files after a write, want 2", n)
	}
	for i := 1; i < 10; i++ { // most of the file is garbage then
		put(t, s, smallEntry(fmt.Sprintf("d%03d", i), "2", 1))
	}
	complete(t, s, by)
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("the file that names no database is still there: %v", err)
	}
}
