package local_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dalil/corpus"
	"dalil/store"
	"dalil/store/local"
)

// A merge in the background uses no file that was changed under its mapping: the process
// goes on, and the next opening builds the file again.
func TestAChangedSegmentFileIsNotMerged(t *testing.T) {
	for _, filler := range []byte{0, 0xff} {
		failed := make(chan error, 10)
		options := local.Options{Dir: t.TempDir(), Pipeline: benchPipeline(), MergeFailed: func(err error) { failed <- err }}
		s, files := openedMapped(t, options)
		if len(files) != 1 {
			t.Fatalf("%d segment files, want 1", len(files))
		}
		overwriteRows(t, files[0], filler)
		var ids []string
		for n := range 300 {
			ids = append(ids, benchID(n))
		}
		if err := s.Delete(t.Context(), ids); err != nil { // so many that the file is merged
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if err := <-failed; !errors.Is(err, corpus.ErrCorrupt) || !strings.Contains(err.Error(), files[0]) || len(failed) > 0 {
			t.Errorf("the failed merge was reported as %v, and %d more; want one error that names %s", err, len(failed), files[0])
		}
		question := newGenerator(9).question()
		var answers [2][][]store.Hit
		for i := range answers {
			var err error
			if s, err = local.Open(t.Context(), options); err != nil {
				t.Fatal(err)
			}
			if answers[i], err = s.Search(t.Context(), question); err != nil {
				t.Fatal(err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			files, err := filepath.Glob(filepath.Join(options.Dir, "*", "*.segment"))
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range files { // the second answer is that of the database
				if err := os.Remove(name); err != nil {
					t.Fatal(err)
				}
			}
		}
		if len(answers[0][0]) == 0 || !slices.EqualFunc(answers[0], answers[1], slices.Equal[[]store.Hit]) {
			t.Errorf("bytes of %#x came into the index: %.300v, want %.300v", filler, answers[0], answers[1])
		}
	}
}

// overwriteRows changes the bytes of a file behind its header.
func overwriteRows(t *testing.T, name string, filler byte) {
	t.Helper()
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt(slices.Repeat([]byte{filler}, int(info.Size())-4096), 4096); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// A search that reads rows which a changed file made up fails with an error that names the
// file, and does not panic.
func TestASearchOfAChangedSegmentFileNamesIt(t *testing.T) {
	s, files := openedMapped(t, local.Options{Dir: t.TempDir(), Pipeline: benchPipeline()})
	defer s.Close()
	overwriteRows(t, files[0], 0xff)
	question := newGenerator(9).question()
	if err := s.Delete(t.Context(), []string{benchID(0)}); err != nil {
		t.Fatal(err)
	}
	v, err := s.Vocabulary(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range question[1].Sparse.Dimensions {
		v.Frequency(d)
	}
	if _, err := s.Search(t.Context(), question); !errors.Is(err, corpus.ErrCorrupt) || !strings.Contains(err.Error(), files[0]) {
		t.Errorf("got %v, want an error that names %s", err, files[0])
	}
}

// The failed merge of a damaged file is reported once, that of a disk once until a merge
// succeeds.
func TestFailedMergesAreReportedOnce(t *testing.T) {
	var reported []error
	s, err := local.Open(t.Context(), local.Options{Dir: t.TempDir(), Pipeline: benchPipeline(), MergeFailed: func(err error) { reported = append(reported, err) }})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	one := &corpus.Error{Kind: corpus.ErrCorrupt, Op: "read segment file", Thing: "one"}
	other := &corpus.Error{Kind: corpus.ErrCorrupt, Op: "read segment file", Thing: "other"}
	full := &corpus.Error{Kind: corpus.ErrExhausted, Op: "write segment file", Thing: "a new one"}
	for _, err := range []error{one, full, one, other, full, nil, full} {
		s.EndMerge(err)
	}
	if want := []error{one, full, other, full}; !slices.Equal(reported, want) {
		t.Errorf("got %v, want %v", reported, want)
	}
}
