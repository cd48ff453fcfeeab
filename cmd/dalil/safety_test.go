package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// hashed is the environment of tests that need no good embeddings: it opens
// quickly.
var hashed = []string{"DALIL_EMBEDDER_NAME=hash", "DALIL_SEARCH_LEXICON=none"}

// heldFiles is every file of a data folder but the lock, with its size.
func heldFiles(t *testing.T, dir string) map[string]int64 {
	t.Helper()
	files := map[string]int64{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || entry.Name() == "lock" {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			files[path] = info.Size()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// Whatever command meets a data folder whose pointer or database is missing
// refuses it with the file and the way out, and removes nothing.
func TestNoCommandDeletesWhatItCannotOpen(t *testing.T) {
	original := t.TempDir()
	if code, out, errs := dalil(t, original, "", hashed, "index", "../../seeds"); code != 0 {
		t.Fatalf("index: %d\n%s%s", code, out, errs)
	}
	name, err := os.ReadFile(filepath.Join(original, "current"))
	if err != nil {
		t.Fatal(err)
	}
	collection := strings.TrimSpace(string(name))
	database := filepath.Join(collection, "dalil.db")
	for what, spoil := range map[string]func(dir string) (file string, err error){
		"no current": func(dir string) (string, error) { return "current", os.Remove(filepath.Join(dir, "current")) },
		"another current": func(dir string) (string, error) {
			return "current", os.WriteFile(filepath.Join(dir, "current"), []byte("0123456789abcdef\n"), 0o600)
		},
		"no database":    func(dir string) (string, error) { return database, os.Remove(filepath.Join(dir, database)) },
		"empty database": func(dir string) (string, error) { return database, os.Truncate(filepath.Join(dir, database), 0) },
	} {
		data := filepath.Join(t.TempDir(), "data")
		if err := os.CopyFS(data, os.DirFS(original)); err != nil {
			t.Fatal(err)
		}
		file, err := spoil(data)
		if err != nil {
			t.Fatal(err)
		}
		before := heldFiles(t, data)
		for _, args := range [][]string{
			{"search", "x"},
			{"export"},
			{"index", "../../seeds"},
			{"index", "--dry-run", "../../seeds"},
			{"index", "--rebuild", "../../seeds"},
			{"index", "--rebuild"},
			{"doctor"},
			{"--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "serve"},
		} {
			code, out, errs := dalil(t, data, "", hashed, args...)
			if code != 1 || !strings.Contains(out+errs, filepath.Join(data, file)) || !strings.Contains(out+errs, "doctor --repair") {
				t.Errorf("%s, %v: exit code %d, want 1, naming %s and doctor --repair\n%s%s", what, args, code, file, out, errs)
			}
		}
		after := heldFiles(t, data)
		if len(after) != len(before) {
			t.Errorf("%s: held %v, now %v", what, before, after)
		}
		for path, size := range before {
			if after[path] != size {
				t.Errorf("%s: %s had %d bytes, has %d", what, path, size, after[path])
			}
		}
	}
}

// A command that reads says so in a folder without an index, and makes none.
func TestReadingMakesNoFolder(t *testing.T) {
	data := filepath.Join(t.TempDir(), "wrong")
	for _, args := range [][]string{{"search", "x"}, {"export"}, {"doctor"}, {"index", "--dry-run", "../../seeds"}} {
		code, out, errs := dalil(t, data, "", hashed, args...)
		if args[0] == "search" || args[0] == "export" {
			if code != 1 || !strings.Contains(errs, data) || !strings.Contains(errs, "--data") {
				t.Errorf("%v: exit code %d, want 1 and the folder\n%s%s", args, code, out, errs)
			}
		}
		if args[0] == "index" && (code != 0 || !strings.HasPrefix(out, "5 indexed")) {
			t.Errorf("%v: %d\n%s%s", args, code, out, errs)
		}
		if _, err := os.Stat(data); !errors.Is(err, fs.ErrNotExist) {
			t.Fatalf("%v made the folder (%v)", args, err)
		}
	}
}

// Paths may overlap: a file that two of them name is one document.
func TestOverlappingPathsAreNoConflict(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{"docs/a.md": "Rivers.", "docs/b.jsonl": `{"id":"b","text":"Lakes."}`} {
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, paths := range [][]string{{"docs", "docs/a.md"}, {"docs", "./docs/"}, {"docs/**", "docs", "docs/b.jsonl"}} {
		code, out, errs := dalil(t, filepath.Join(t.TempDir(), "data"), "", hashed, append([]string{"index"}, paths...)...)
		if code != 0 || !strings.HasPrefix(out, "2 indexed, 0 unchanged, 0 failed") {
			t.Errorf("index %q: %d, want 2 indexed\n%s%s", paths, code, out, errs)
		}
	}
}

// A mistake in the command line is found before a store is made.
func TestMistakesMakeNoFolder(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	for _, args := range [][]string{{"index", "no-such-folder"}, {"index"}, {"index", "--exclude", "[", "../../seeds"}, {"index", "--partition", "3/2", "../../seeds"}} {
		if code, out, _ := dalil(t, data, "", hashed, args...); code == 0 {
			t.Errorf("%v: exit code 0\n%s", args, out)
		}
		if _, err := os.Stat(data); !errors.Is(err, fs.ErrNotExist) {
			t.Fatalf("%v made the folder (%v)", args, err)
		}
	}
}

// An index is as it was after any number of commands that read it.
func TestReadingChangesNothing(t *testing.T) {
	data := t.TempDir()
	if code, out, errs := dalil(t, data, "", hashed, "index", "../../seeds"); code != 0 {
		t.Fatalf("index: %d\n%s%s", code, out, errs)
	}
	read := func() map[string]string {
		contents := map[string]string{}
		for path := range heldFiles(t, data) {
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			contents[path] = string(content)
		}
		return contents
	}
	before := read()
	for _, args := range [][]string{{"search", "poverty"}, {"export"}, {"index", "--dry-run", "../../seeds"}, {"doctor"}, {"eval", "../../seeds"}} {
		if code, out, errs := dalil(t, data, "", hashed, args...); code != 0 {
			t.Errorf("%v: %d\n%s%s", args, code, out, errs)
		}
	}
	after := read()
	for path := range before {
		if before[path] != after[path] {
			t.Errorf("%s has changed", path)
		}
	}
	if len(after) != len(before) {
		t.Errorf("%d files, were %d", len(after), len(before))
	}
}

// The way out that the errors name works: the repair lists what is there, takes
// a choice, and removes only what an unfinished rebuild has left.
func TestRepairLetsTheUserChoose(t *testing.T) {
	data := t.TempDir()
	dalil(t, data, "", hashed, "index", "../../seeds")
	name, err := os.ReadFile(filepath.Join(data, "current"))
	if err != nil {
		t.Fatal(err)
	}
	collection := strings.TrimSpace(string(name))
	leftover := filepath.Join(data, "0123456789abcdef")
	if err := os.CopyFS(leftover, os.DirFS(filepath.Join(data, collection))); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(leftover, "unfinished"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(data, "current")); err != nil {
		t.Fatal(err)
	}
	code, out, errs := dalil(t, data, "", hashed, "doctor", "--repair")
	if code != 1 || !strings.Contains(out, collection+": 5 documents") || !strings.Contains(errs, "--use NAME ("+collection+")") {
		t.Fatalf("without a choice: %d\n%s%s", code, out, errs)
	}
	if code, out, errs := dalil(t, data, "", hashed, "doctor", "--repair", "--use", "fedcba9876543210"); code != 1 {
		t.Errorf("a collection that is not there: %d\n%s%s", code, out, errs)
	}
	if _, err := os.Stat(leftover); err != nil {
		t.Errorf("removed without a choice: %v", err)
	}
	if code, out, errs := dalil(t, data, "", hashed, "doctor", "--repair", "--use", collection); code != 0 || !strings.Contains(out, "removed 0123456789abcdef") {
		t.Fatalf("with a choice: %d\n%s%s", code, out, errs)
	}
	if _, err := os.Stat(leftover); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the leftover is still there: %v", err)
	}
	if code, out, errs := dalil(t, data, "", hashed, "index", "../../seeds"); code != 0 || !strings.HasPrefix(out, "0 indexed, 5 unchanged") {
		t.Errorf("afterwards: %d\n%s%s", code, out, errs)
	}
	if err := os.Truncate(filepath.Join(data, collection, "dalil.db"), 0); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := dalil(t, data, "", hashed, "doctor", "--repair"); code != 1 || !strings.Contains(errs, "--use none") {
		t.Errorf("nothing to choose from: %d\n%s", code, errs)
	}
	before := heldFiles(t, data)
	if code, out, errs := dalil(t, data, "", hashed, "doctor", "--repair", "--use", "none"); code != 0 || !strings.Contains(out, "set aside: "+collection) {
		t.Errorf("--use none: %d\n%s%s", code, out, errs)
	}
	if after := heldFiles(t, data); len(after) != len(before)-1 { // but for current
		t.Errorf("held %v, now %v", before, after)
	}
	if code, out, errs := dalil(t, data, "", hashed, "index", "../../seeds"); code != 0 || !strings.HasPrefix(out, "5 indexed") {
		t.Errorf("an empty index: %d\n%s%s", code, out, errs)
	}
}

// Missing acknowledged writes are reported, and accepted only with a flag.
func TestRepairAcceptsALoss(t *testing.T) {
	data := t.TempDir()
	dalil(t, data, "", hashed, "index", "../../seeds")
	marks, err := filepath.Glob(filepath.Join(data, "*", "acknowledged.json"))
	if err != nil || len(marks) != 1 {
		t.Fatalf("marks: %v, %v", marks, err)
	}
	if err := os.WriteFile(marks[0], []byte(`{"sequence":1000,"documents":1000}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"search", "x"}, {"index", "../../seeds"}, {"doctor"}, {"doctor", "--repair"}} {
		if code, out, errs := dalil(t, data, "", hashed, args...); code != 1 || !strings.Contains(out+errs, "--accept-loss") {
			t.Errorf("%v: %d\n%s%s", args, code, out, errs)
		}
	}
	if code, out, errs := dalil(t, data, "", hashed, "doctor", "--repair", "--accept-loss"); code != 0 || !strings.Contains(out, "accepted the loss") {
		t.Errorf("accepting: %d\n%s%s", code, out, errs)
	}
	if code, _, errs := dalil(t, data, "", hashed, "search", "poverty"); code != 0 {
		t.Errorf("afterwards: %d\n%s", code, errs)
	}
}
