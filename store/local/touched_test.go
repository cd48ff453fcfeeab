package local_test

import (
	"fmt"
	"testing"

	"dalil/corpus"
	"dalil/store"
)

// A write of many documents finds out which of them are there already, and removes what it
// must of these: earlier versions, those of the same write, and the kept versions of
// deleted documents.
func TestAWriteOfManyDocumentsReplacesThose(t *testing.T) {
	s := openSmall(t, t.TempDir())
	create(t, s)
	id := func(i int) string { return fmt.Sprintf("d%03d", i) }
	for i := range 20 {
		put(t, s, smallEntry(id(10*i), "old", 3))
	}
	version := int64(5)
	if err := s.DeleteIf(t.Context(), []corpus.Deletion{{ID: id(0), SourceVersion: &version}, {ID: id(300), SourceVersion: &version}}); err != nil {
		t.Fatal(err)
	}
	var entries []store.Entry
	for i := range 400 {
		entries = append(entries, smallEntry(id(i), "new", 1+i%3))
		if i%7 == 0 {
			entries = append(entries, smallEntry(id(i), "newest", 2))
		}
	}
	put(t, s, entries...)
	for i := range 400 {
		want := "new"
		if i%7 == 0 {
			want = "newest"
		}
		record, err := s.Document(t.Context(), id(i))
		if err != nil || record.Fingerprint != want {
			t.Fatalf("document %d is %+v, %v, want %q", i, record, err, want)
		}
	}
	stats, err := s.Stats(t.Context())
	if err != nil || stats.Documents != 400 {
		t.Errorf("stats %+v, %v, want 400 documents", stats, err)
	}
	for i, err := range s.Entries(t.Context()) {
		if err != nil {
			t.Fatalf("%q: %v", i.Document.ID, err)
		}
	}
	if err := s.Delete(t.Context(), []string{id(0), id(300)}); err != nil {
		t.Fatal(err)
	}
	versions, err := s.Versions(t.Context(), []string{id(0), id(300)})
	if err != nil || len(versions) > 0 {
		t.Errorf("kept versions %v, %v, want none, because the documents had none when they were deleted", versions, err)
	}
}

// Fingerprints of many documents are read by few statements, and those of the rest one by
// one.
func TestFingerprintsOfManyDocuments(t *testing.T) {
	s := openSmall(t, t.TempDir())
	create(t, s)
	var ids []string
	for n := range 300 {
		ids = append(ids, fmt.Sprint("d", n))
		if n%3 > 0 {
			put(t, s, smallEntry(ids[n], fmt.Sprint(n), 1))
		}
	}
	for _, n := range []int{0, 1, 7, 8, 127, 128, 129, 256, 258, 300} {
		got, err := s.Fingerprints(t.Context(), ids[:n])
		if err != nil {
			t.Fatal(err)
		}
		for i, id := range ids[:n] {
			want := ""
			if i%3 > 0 {
				want = smallEntry(id, fmt.Sprint(i), 1).Fingerprint
			}
			if got[id] != want {
				t.Errorf("of %d documents, %s has the fingerprint %q, want %q", n, id, got[id], want)
			}
		}
	}
}
