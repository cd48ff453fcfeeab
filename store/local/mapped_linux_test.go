package local_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"dalil/corpus"
	"dalil/store"
	"dalil/store/local"
)

// A file that becomes shorter while its rows and postings are mapped fails the searches that
// read them; the next opening builds it again.
func TestASegmentFileThatBecomesShorterEndsNoProcess(t *testing.T) {
	options := local.Options{Dir: t.TempDir(), Pipeline: benchPipeline()}
	s, files := openedMapped(t, options)
	defer func() { s.Close() }()
	question := newGenerator(9).question()
	question[0].Exact = true
	want, err := s.Search(t.Context(), question)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if err := os.Truncate(name, 64); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Search(t.Context(), question[:1]); !errors.Is(err, corpus.ErrCorrupt) {
		t.Errorf("a dense search of a shortened file: %v", err)
	}
	if _, err := s.Vectors(t.Context(), []corpus.ChunkID{want[0][0].ID}); !errors.Is(err, corpus.ErrCorrupt) {
		t.Errorf("vectors of a shortened file: %v", err)
	}
	if _, err := s.Search(t.Context(), question[1:]); !errors.Is(err, corpus.ErrCorrupt) {
		t.Errorf("a lexical search of a shortened file: %v", err)
	}
	if err := s.Delete(t.Context(), []string{benchID(0)}); err != nil {
		t.Fatal(err)
	}
	for _, d := range question[1].Sparse.Dimensions {
		if v, err := s.Vocabulary(t.Context()); err != nil || v.Frequency(d) < 0 {
			t.Errorf("the frequency of a word: %v", err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = local.Open(t.Context(), options); err != nil {
		t.Fatal(err)
	}
	got, err := s.Search(t.Context(), question)
	if err != nil || len(got[0]) != len(want[0]) || got[0][0] != want[0][0] {
		t.Errorf("after opening again: %v", err)
	}
}

func put450(t *testing.T, s *local.Store) {
	t.Helper()
	if _, err := s.Create(t.Context(), store.Settings{Pipeline: benchPipeline(), AverageLength: 70}); err != nil {
		t.Fatal(err)
	}
	g := newGenerator(3)
	var batch []store.Entry
	for n := range 450 {
		batch = append(batch, g.entry(n))
	}
	if err := s.Put(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
}

// openedMapped returns a store of 450 documents that has mapped its segment files, and the names of these.
func openedMapped(t *testing.T, options local.Options) (*local.Store, []string) {
	t.Helper()
	s, err := local.Open(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	put450(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = local.Open(t.Context(), options); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(options.Dir, "*", "*.segment"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d segment files, %v", len(files), err)
	}
	return s, files
}
