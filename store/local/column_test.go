package local_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"dalil/corpus"
	"dalil/store"
	"dalil/store/local"
)

// scribe makes profiles that name all that they are made of, padded to a size.
type scribe struct {
	name string
	size int
	made atomic.Int64
}

func (s *scribe) ProfileName() string { return s.name }

func (s *scribe) Profile(p *store.Point) []byte {
	s.made.Add(1)
	return s.of(p)
}

func (s *scribe) of(p *store.Point) []byte {
	profile := fmt.Sprintf("%s|%s|%s|%d|%x", s.name, p.Document.Title, p.Chunk.Text, p.Chunk.Ordinal, p.Sparse.Dimensions)
	return []byte(profile + strings.Repeat(".", max(0, s.size-len(profile))))
}

// checkProfiles compares the profiles of what the store holds with what they
// should be, and returns how many are there. None may be wrong.
func checkProfiles(t testing.TB, s *local.Store, by *scribe) (there, held int) {
	t.Helper()
	var ids []corpus.ChunkID
	var want [][]byte
	for e, err := range store.Entries(t.Context(), s) {
		if err != nil {
			t.Fatal(err)
		}
		document := e.Document
		for i := range e.Points {
			p := e.Points[i]
			p.Document = &document
			ids, want = append(ids, p.Chunk.ID), append(want, by.of(&p))
		}
	}
	var got store.Profiles
	if err := s.Profiles(t.Context(), ids, &got); err != nil {
		t.Fatal(err)
	}
	if got.Len() != len(ids) {
		t.Fatalf("%d profiles were filled in for %d passages", got.Len(), len(ids))
	}
	for i := range ids {
		if got.At(i) == nil {
			continue
		}
		there++
		if !bytes.Equal(got.At(i), want[i]) {
			t.Fatalf("passage %v has the profile %.80q, want %.80q", ids[i], got.At(i), want[i])
		}
	}
	return there, len(ids)
}

// complete brings the column up to date and checks that nothing is missing or wrong.
func complete(t testing.TB, s *local.Store, by *scribe) {
	t.Helper()
	s.TendNow()
	if there, held := checkProfiles(t, s, by); there != held {
		t.Fatalf("%d profiles of %d are there", there, held)
	}
	checkTexts(t, s)
}

func profileFiles(t testing.TB, dir string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(collectionDir(t, dir), "*.profiles"))
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// keeping is a folder with documents and their profiles.
func keeping(t testing.TB, by *scribe, documents int) string {
	t.Helper()
	dir := t.TempDir()
	s := openSmall(t, dir)
	create(t, s)
	s.KeepProfiles(by)
	var entries []store.Entry
	for i := range documents {
		entries = append(entries, smallEntry(fmt.Sprintf("d%03d", i), "1", 1+i%4))
	}
	put(t, s, entries...)
	if there, held := checkProfiles(t, s, by); there != held || held == 0 {
		t.Fatalf("%d profiles of %d are there after the write", there, held)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestProfilesAreWorkedOutOnce(t *testing.T) {
	by := &scribe{name: "a"}
	dir := keeping(t, by, 20)
	made := by.made.Load()
	s := openSmall(t, dir)
	s.KeepProfiles(by)
	s.KeepProfiles(by) // the second does nothing
	complete(t, s, by)
	if by.made.Load() != made {
		t.Errorf("%d profiles were made again", by.made.Load()-made)
	}
	put(t, s, smallEntry("d003", "2", 5), smallEntry("new", "1", 2))
	if err := s.Delete(t.Context(), []string{"d004"}); err != nil {
		t.Fatal(err)
	}
	if there, held := checkProfiles(t, s, by); there != held {
		t.Errorf("%d profiles of %d are there after a write", there, held)
	}
	if by.made.Load() != made+7 {
		t.Errorf("%d profiles were made for 7 passages", by.made.Load()-made)
	}
	gone := smallEntry("d004", "1", 1).Points[0].Chunk.ID
	var got store.Profiles
	if err := s.Profiles(t.Context(), []corpus.ChunkID{gone}, &got); err != nil || got.Len() != 1 || got.At(0) != nil {
		t.Errorf("a deleted passage has the profile %q, error %v", got.At(0), err)
	}
}

func TestProfilesOfAnotherNameAreMadeAgain(t *testing.T) {
	dir := keeping(t, &scribe{name: "a"}, 20)
	other := &scribe{name: "b"}
	s := openSmall(t, dir)
	if there, _ := checkProfiles(t, s, other); there != 0 {
		t.Errorf("%d profiles are there before anybody asked for them", there)
	}
	s.KeepProfiles(other)
	complete(t, s, other)
	again := &scribe{name: "c"}
	s.KeepProfiles(again)
	complete(t, s, again)
	if n := len(profileFiles(t, dir)); n != 1 {
		t.Errorf("%d files, want 1", n)
	}
}

// A folder without profiles, as an earlier version leaves it, gets them.
func TestAnEarlierFolderGetsProfiles(t *testing.T) {
	dir := t.TempDir()
	grown(t, dir, 12)
	if n := len(profileFiles(t, dir)); n != 0 {
		t.Fatalf("%d files before", n)
	}
	by := &scribe{name: "a"}
	reader, err := local.Open(t.Context(), local.Options{Dir: dir, Pipeline: smallPipeline(), ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	reader.KeepProfiles(by)
	if there, _ := checkProfiles(t, reader, by); there != 0 || len(profileFiles(t, dir)) != 0 {
		t.Errorf("a reader has %d profiles and %d files", there, len(profileFiles(t, dir)))
	}
	if err := reader.Close(); err != nil {
		t.Fatal(err)
	}
	s := openSmall(t, dir)
	s.KeepProfiles(by)
	complete(t, s, by)
}

// What was replaced is garbage, which goes away.
func TestGarbageOfProfilesIsRemoved(t *testing.T) {
	by := &scribe{name: "a", size: 4000}
	dir := t.TempDir()
	s := openSmall(t, dir)
	create(t, s)
	s.KeepProfiles(by)
	size := func() (sum int64) {
		for _, path := range profileFiles(t, dir) {
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			sum += info.Size()
		}
		return sum
	}
	for round := range 12 {
		var entries []store.Entry
		for i := range 60 {
			entries = append(entries, smallEntry(fmt.Sprintf("d%03d", i), fmt.Sprint(round), 2))
		}
		put(t, s, entries...)
		s.TendNow()
	}
	complete(t, s, by)
	if made := by.made.Load(); made != 12*120 {
		t.Errorf("%d profiles were made for %d passages", made, 12*120)
	}
	if got, all := size(), int64(12*120*4000); got > all/2 {
		t.Errorf("the files have %d bytes, as much as half of all that was ever written", got)
	}
	if err := s.Delete(t.Context(), []string{"d001"}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openSmall(t, dir)
	s.KeepProfiles(by)
	complete(t, s, by)
	if made := by.made.Load(); made != 12*120 {
		t.Errorf("%d profiles were made again by an opening", made-12*120)
	}
}

func TestProfilesBesideWrites(t *testing.T) {
	by := &scribe{name: "a", size: 3000}
	s := openSmall(t, t.TempDir())
	create(t, s)
	s.KeepProfiles(by)
	var writers, readers sync.WaitGroup
	done := make(chan struct{})
	for w := range 3 {
		writers.Go(func() {
			for round := range 15 {
				var entries []store.Entry
				for i := range 20 {
					entries = append(entries, smallEntry(fmt.Sprintf("w%d-%d", w, i), fmt.Sprint(round), 3))
				}
				if err := s.Put(t.Context(), entries); err != nil {
					t.Error(err)
				}
			}
		})
	}
	readers.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
				checkProfiles(t, s, by)
				ids, _ := contentOf(t, s)
				if _, err := s.Chunks(t.Context(), ids, store.WithText|store.WithDocument); err != nil {
					t.Error(err)
				}
				s.TendNow()
			}
		}
	})
	writers.Wait()
	close(done)
	readers.Wait()
	complete(t, s, by)
}
