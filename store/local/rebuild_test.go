package local_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dalil/corpus"
	"dalil/store"
	"dalil/store/local"
)

func TestPeek(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	if _, err := local.Peek(t.Context(), dir); !errors.Is(err, corpus.ErrNotReady) {
		t.Errorf("no folder: got %v, want ErrNotReady", err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("peeking made the folder: %v", err)
	}
	s := openSmall(t, dir)
	if _, err := local.Peek(t.Context(), dir); !errors.Is(err, corpus.ErrNotReady) {
		t.Errorf("before create: got %v, want ErrNotReady", err)
	}
	create(t, s)
	for _, state := range []string{"while it is open", "after it was closed"} {
		settings, err := local.Peek(t.Context(), dir)
		if err != nil || settings.Pipeline != smallPipeline() || settings.AverageLength != 10 {
			t.Errorf("%s: got %+v, %v", state, settings, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// A rebuild changes nothing until it is activated, and then all at once.
func TestRebuild(t *testing.T) {
	dir := t.TempDir()
	other := smallPipeline()
	other.ModelRevision = "2"
	s := openSmall(t, dir)
	create(t, s)
	put(t, s, smallEntry("old", "1", 2))
	if _, err := local.Rebuild(t.Context(), local.Options{Dir: dir, Pipeline: other}); !errors.Is(err, corpus.ErrLocked) {
		t.Fatalf("while the folder is in use: got %v, want ErrLocked", err)
	}
	s.Close()

	rebuild := func(p corpus.Pipeline, id string, activate bool) {
		t.Helper()
		r, err := local.Rebuild(t.Context(), local.Options{Dir: dir, Pipeline: p})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Create(t.Context(), store.Settings{Pipeline: p, AverageLength: 5}); err != nil {
			t.Fatal(err)
		}
		put(t, r, smallEntry(id, "1", 1))
		if activate {
			if err := r.Activate(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
	holds := func(p corpus.Pipeline, id string, collections int) {
		t.Helper()
		s, err := local.Open(t.Context(), local.Options{Dir: dir, Pipeline: p})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		all, err := s.Documents(t.Context(), "", 10)
		if err != nil || len(all) != 1 || all[0].Document.ID != id {
			t.Errorf("got %+v, %v, want %q alone", all, err, id)
		}
		if folders, err := filepath.Glob(filepath.Join(dir, "*", "dalil.db")); err != nil || len(folders) != collections {
			t.Errorf("got the collections %v, %v, want %d", folders, err, collections)
		}
	}
	rebuild(other, "abandoned", false)
	holds(smallPipeline(), "old", 2) // opening removes nothing
	rebuild(other, "abandoned too", false)
	holds(smallPipeline(), "old", 2) // the next rebuild has removed the first
	rebuild(other, "new", true)
	holds(other, "new", 1)
	var mismatch *corpus.MismatchError
	if _, err := local.Open(t.Context(), local.Options{Dir: dir, Pipeline: smallPipeline()}); !errors.As(err, &mismatch) {
		t.Errorf("the old pipeline: got %v, want a mismatch", err)
	}
	rebuild(other, "newer", true) // of the same pipeline
	holds(other, "newer", 1)
	rebuild(other, "newest", true)
	holds(other, "newest", 1)
}

// A folder from a version to come is left alone.
func TestNewerSchemaIsRefused(t *testing.T) {
	dir := t.TempDir()
	s := openSmall(t, dir)
	create(t, s)
	s.Close()
	path := filepath.Join(collectionDir(t, dir), "dalil.db")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	content[63]++ // user_version, big-endian at 60 (the SQLite file format, §1.3)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := local.Open(t.Context(), local.Options{Dir: dir, Pipeline: smallPipeline()}); !errors.Is(err, corpus.ErrUnsupported) {
		t.Errorf("got %v, want ErrUnsupported", err)
	}
}

// A process can end after a collection became the current one and before its mark was removed.
func TestAMarkedCurrentCollectionIsKept(t *testing.T) {
	dir := t.TempDir()
	s := openSmall(t, dir)
	create(t, s)
	put(t, s, smallEntry("a", "1", 2))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	name, err := os.ReadFile(filepath.Join(dir, "current"))
	if err != nil {
		t.Fatal(err)
	}
	mark := filepath.Join(dir, strings.TrimSpace(string(name)), "unfinished")
	if err := os.WriteFile(mark, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	rebuilding, err := local.Rebuild(t.Context(), local.Options{Dir: dir, Pipeline: smallPipeline()}) // removes what is left of rebuilds
	if err != nil {
		t.Fatal(err)
	}
	if err := rebuilding.Close(); err != nil {
		t.Fatal(err)
	}
	s = openSmall(t, dir)
	if _, err := s.Document(t.Context(), "a"); err != nil {
		t.Errorf("the document: %v", err)
	}
	if _, err := os.Stat(mark); !os.IsNotExist(err) {
		t.Errorf("the mark: %v", err)
	}
}
