package local_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"dalil/store"
	"dalil/store/local"
)

// A merge in the background uses no file that was changed under its mapping: the process
// goes on, and the next opening builds the file again.
func TestAChangedSegmentFileIsNotMerged(t *testing.T) {
	for _, filler := range []byte{0, 0xff} {
		options := local.Options{Dir: t.TempDir(), Pipeline: benchPipeline()}
		s, files := openedMapped(t, options)
		if len(files) != 1 {
			t.Fatalf("%d segment files, want 1", len(files))
		}
		info, err := os.Stat(files[0])
		if err != nil {
			t.Fatal(err)
		}
		f, err := os.OpenFile(files[0], os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteAt(slices.Repeat([]byte{filler}, int(info.Size())-4096), 4096); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		var ids []string
		for n := range 300 {
			ids = append(ids, newGenerator(3).entry(n).Document.ID)
		}
		if err := s.Delete(t.Context(), ids); err != nil { // so many that the file is merged
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		question := newGenerator(9).question()
		var answers [2][][]store.Hit
		for i := range answers {
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
