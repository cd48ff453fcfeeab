package local_test

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"dalil/corpus"
	"dalil/store"
	"dalil/store/local"
)

// contentOf is what a store should answer for each of its passages.
func contentOf(t testing.TB, s *local.Store) (ids []corpus.ChunkID, want []store.Point) {
	t.Helper()
	for e, err := range store.Entries(t.Context(), s) {
		if err != nil {
			t.Fatal(err)
		}
		for i := range e.Points {
			p := e.Points[i]
			p.Document = &e.Document
			ids, want = append(ids, p.Chunk.ID), append(want, p)
		}
	}
	return ids, want
}

// checkPassages compares the passages of a store with what is in its database, read with all of their
// vectors, with some and without any.
func checkPassages(t testing.TB, s *local.Store) {
	t.Helper()
	for _, vectors := range []store.Fields{store.WithDense | store.WithSparse, store.WithSparse, 0} {
		checkRead(t, s, vectors)
	}
}

// checkTexts is checkPassages without vectors. It takes a quarter of the time.
func checkTexts(t testing.TB, s *local.Store) {
	t.Helper()
	checkRead(t, s, 0)
}

func checkRead(t testing.TB, s *local.Store, vectors store.Fields) {
	t.Helper()
	ids, want := contentOf(t, s)
	got, err := s.Chunks(t.Context(), ids, store.WithText|store.WithDocument|vectors)
	if err != nil {
		t.Fatal(err)
	}
	for i := range want {
		if vectors&store.WithDense == 0 {
			want[i].Dense = nil
		}
		if vectors&store.WithSparse == 0 {
			want[i].Sparse = corpus.Sparse{}
		}
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("other passages than in the database (-want +got):\n%.2000s", diff)
	}
}

// richEntry has every field that a page shows.
func richEntry(id, revision, author string) store.Entry {
	e := smallEntry(id, revision, 3)
	d := &e.Document
	d.URL, d.Source, d.Author, d.Root = "https://example.org/"+id, "feed", author, "news"
	d.Metadata["empty"], d.Metadata["many"] = corpus.String(""), corpus.List("a", "ب")
	d.Groups = []string{"staff"}
	for i := range e.Points {
		e.Points[i].Chunk.Headings = []string{"First", fmt.Sprint("Part ", i)}
	}
	return e
}

func TestTextsOfTheColumnAreThoseOfTheDatabase(t *testing.T) {
	dir := t.TempDir()
	s := openSmall(t, dir)
	create(t, s)
	put(t, s, richEntry("before", "1", "a"))
	s.KeepProfiles(&scribe{name: "a"})
	put(t, s, richEntry("after", "1", "a"), smallEntry("plain", "1", 40))
	checkPassages(t, s) // some are not in the column yet
	s.TendNow()
	ids, _ := contentOf(t, s)
	if held := s.InColumn(ids); held != len(ids) {
		t.Fatalf("%d passages of %d are in the column", held, len(ids))
	}
	checkPassages(t, s)
	put(t, s, richEntry("after", "1", "b"), richEntry("before", "2", "b")) // an edited document, and a new text
	checkPassages(t, s)
	if points, err := s.Chunks(t.Context(), ids, store.WithText); err != nil || len(points) != 43 {
		t.Errorf("%d passages of 46 are there after three were replaced, error %v", len(points), err)
	}
	spans, err := s.Chunks(t.Context(), ids, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range spans {
		if p.Chunk.Text != "" || p.Chunk.Headings != nil || p.Document != nil || p.Chunk.Span.Len() == 0 {
			t.Errorf("a passage that was read without its text is %+v", p)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Chunks(t.Context(), ids, store.WithText); err == nil {
		t.Error("a closed store answers")
	}
}

// The points of a caller are its own.
func TestTextsOfTheColumnAreCopies(t *testing.T) {
	s := openSmall(t, t.TempDir())
	create(t, s)
	s.KeepProfiles(&scribe{name: "a"})
	put(t, s, richEntry("d", "1", "a"))
	ids, _ := contentOf(t, s)
	for range 2 {
		checkPassages(t, s)
		points, err := s.Chunks(t.Context(), ids, store.WithText|store.WithDocument)
		if err != nil {
			t.Fatal(err)
		}
		points[0].Document.Metadata["n"] = corpus.String("changed")
		points[0].Document.Tags[0], points[1].Chunk.Headings[0] = "changed", "changed"
		if points[1].Document.Tags[0] == "changed" {
			t.Error("two passages share the fields of their document")
		}
	}
}

// inFiles reports whether a text is anywhere in the files of profiles.
func inFiles(t testing.TB, dir, text string) bool {
	t.Helper()
	for _, path := range profileFiles(t, dir) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(data, []byte(text)) {
			return true
		}
	}
	return false
}

func TestDeletedTextsAreOverwritten(t *testing.T) {
	dir := t.TempDir()
	s := openSmall(t, dir)
	create(t, s)
	by := &scribe{name: "a"}
	s.KeepProfiles(by)
	put(t, s, smallEntry("stays", "1", 3), smallEntry("gone", "first", 3), smallEntry("last", "1", 3))
	if !inFiles(t, dir, "gone first 2") {
		t.Fatal("the text is in no file, so that this test shows nothing")
	}
	put(t, s, smallEntry("gone", "second", 3))
	if inFiles(t, dir, "gone first 2") {
		t.Error("the text of a replaced document is in a file")
	}
	if err := s.Delete(t.Context(), []string{"gone"}); err != nil {
		t.Fatal(err)
	}
	if inFiles(t, dir, "gone second 2") {
		t.Error("the text of a deleted document is in a file")
	}
	put(t, s, smallEntry("twice", "first", 3), smallEntry("twice", "second", 3))
	if inFiles(t, dir, "twice first 2") {
		t.Error("the text of a document that was replaced by the same write is in a file")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openSmall(t, dir)
	s.KeepProfiles(by)
	complete(t, s, by)
	if made := by.made.Load(); made != 18 {
		t.Errorf("%d profiles were made for 18 passages", made)
	}
}

// A process that ends between a deletion and the overwriting leaves the text in the file.
// The next opening overwrites it, also if the key of the document is given to another one.
func TestTextsThatACrashLeftAreOverwritten(t *testing.T) {
	for _, deleted := range []string{"d001", "d002"} { // the last has the highest key
		t.Run(deleted, func(t *testing.T) {
			by := &scribe{name: "a"}
			dir := t.TempDir()
			s := openSmall(t, dir)
			create(t, s)
			s.KeepProfiles(by)
			put(t, s, richEntry("d000", "1", "a"), richEntry("d001", "1", "a"), richEntry("d002", "1", "a"))
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			files := map[string][]byte{}
			for _, path := range profileFiles(t, dir) {
				data, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				files[path] = data
			}
			s = openSmall(t, dir)
			if err := s.Delete(t.Context(), []string{deleted}); err != nil {
				t.Fatal(err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			for path, data := range files {
				if err := os.WriteFile(path, data, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			for range 2 {
				s = openSmall(t, dir)
				s.KeepProfiles(by)
				s.TendNow()
				put(t, s, richEntry(deleted, "1", "b")) // its passages have the same ids
				checkPassages(t, s)
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
				if !slices.Equal(slices.Sorted(maps.Keys(files)), profileFiles(t, dir)) {
					t.Fatal("the files are others, so that this test shows nothing")
				}
			}
			s = openSmall(t, dir)
			if err := s.Delete(t.Context(), []string{deleted}); err != nil {
				t.Fatal(err)
			}
			s.KeepProfiles(by)
			s.TendNow()
			checkPassages(t, s)
			if inFiles(t, dir, deleted+" 1 2") {
				t.Error("the text of a deleted document is in a file")
			}
		})
	}
}

// What a full disk took of a block is not listed, so that a deletion could not overwrite it.
func TestAFullDiskLeavesNoPartOfATextInAFile(t *testing.T) {
	dir := t.TempDir()
	s := openSmall(t, dir)
	create(t, s)
	s.KeepProfiles(&scribe{name: "a"})
	put(t, s, richEntry("before", "1", "a"))
	if err := s.RefuseProfiles([]byte("half of a text")); err != nil {
		t.Fatal(err)
	}
	if inFiles(t, dir, "half of a text") {
		t.Error("the text is in a file")
	}
	checkPassages(t, s)
	put(t, s, richEntry("after", "1", "a"))
	checkPassages(t, s)
	ids, _ := contentOf(t, s)
	if held := s.InColumn(ids); held != 3 {
		t.Errorf("%d passages are in the column, want the three of before", held)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openSmall(t, dir)
	s.KeepProfiles(&scribe{name: "a"})
	s.TendNow()
	checkPassages(t, s)
	if held := s.InColumn(ids); held != len(ids) {
		t.Errorf("%d passages of %d are in the column after the next opening", held, len(ids))
	}
}
