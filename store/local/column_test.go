package local_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
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
	grown(t, dir, 30)
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

// Whatever happens to a file, no profile is wrong, no document is lost, and what is
// missing is made again.
func TestDamagedProfiles(t *testing.T) {
	by := &scribe{name: "a"}
	sound := keeping(t, by, 40)
	size := func(dir string) int64 {
		info, err := os.Stat(profileFiles(t, dir)[0])
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}(sound)
	random := rand.New(rand.NewPCG(1, 2))
	type damage struct {
		name string
		do   func(path string, data []byte) error
	}
	damages := []damage{
		{"missing", func(path string, _ []byte) error { return os.Remove(path) }},
		{"empty", func(path string, _ []byte) error { return os.Truncate(path, 0) }},
		{"another program's", func(path string, data []byte) error {
			for i := range data {
				data[i] = byte(random.Uint32())
			}
			return os.WriteFile(path, data, 0o600)
		}},
		{"another version's", func(path string, data []byte) error {
			data[7]++
			return os.WriteFile(path, data, 0o600)
		}},
		{"a folder in its place", func(path string, _ []byte) error {
			if err := os.Remove(path); err != nil {
				return err
			}
			return os.Mkdir(path, 0o700)
		}},
		{"longer", func(path string, data []byte) error {
			return os.WriteFile(path, append(data, make([]byte, 5000)...), 0o600)
		}},
		{"twice", func(path string, data []byte) error {
			return os.WriteFile(strings.Replace(path, ".profiles", "0.profiles", 1), data, 0o600)
		}},
		{"zeros in the middle", func(path string, data []byte) error {
			clear(data[len(data)/3 : len(data)/2])
			return os.WriteFile(path, data, 0o600)
		}},
	}
	for range 20 {
		at := random.Int64N(size)
		damages = append(damages, damage{fmt.Sprint("cut at ", at), func(path string, _ []byte) error { return os.Truncate(path, at) }})
	}
	for i := range 60 {
		at, bit := random.Int64N(size), byte(1)<<random.IntN(8)
		switch i {
		case 0, 1, 2: // the trailer
			at = size - 1 - int64(i)*6
		case 3, 4: // the header
			at = int64(i) * 10
		}
		damages = append(damages, damage{fmt.Sprintf("bit %08b of byte %d", bit, at), func(path string, data []byte) error {
			data[at] ^= bit
			return os.WriteFile(path, data, 0o600)
		}})
	}
	for _, d := range damages {
		t.Run(d.name, func(t *testing.T) {
			dir := copyFolder(t, sound)
			path := profileFiles(t, dir)[0]
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := d.do(path, data); err != nil {
				t.Fatal(err)
			}
			reader, err := local.Open(t.Context(), local.Options{Dir: dir, Pipeline: smallPipeline(), ReadOnly: true})
			if err != nil {
				t.Fatal(err)
			}
			reader.KeepProfiles(by)
			checkProfiles(t, reader, by)
			checkTexts(t, reader)
			if err := reader.Close(); err != nil {
				t.Fatal(err)
			}
			s := openSmall(t, dir)
			s.KeepProfiles(by)
			checkTexts(t, s)
			if _, held := checkProfiles(t, s, by); held != 100 {
				t.Fatalf("%d passages are held, want 100", held)
			}
			complete(t, s, by)
			put(t, s, smallEntry("d001", "2", 3))
			complete(t, s, by)
		})
	}
}

// What a process that was killed leaves is a file without a list, with room at its
// end. The copy of an open folder is that.
func TestProfilesAfterACrash(t *testing.T) {
	by := &scribe{name: "a"}
	dir := t.TempDir()
	s := openSmall(t, dir)
	create(t, s)
	s.KeepProfiles(by)
	for i := range 30 {
		put(t, s, smallEntry(fmt.Sprintf("d%03d", i), "1", 3))
	}
	crashed := copyFolder(t, dir)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	made := by.made.Load()
	after := openSmall(t, crashed)
	after.KeepProfiles(by)
	complete(t, after, by)
	if by.made.Load() != made {
		t.Errorf("%d profiles were made again", by.made.Load()-made)
	}
	put(t, after, smallEntry("d005", "2", 2))
	if err := after.Close(); err != nil {
		t.Fatal(err)
	}
	after = openSmall(t, crashed)
	after.KeepProfiles(by)
	complete(t, after, by)
	if by.made.Load() != made+2 {
		t.Errorf("%d profiles were made again", by.made.Load()-made-2)
	}
}

// A file that becomes shorter while it is mapped must not end the process.
func TestProfilesCutWhileInUse(t *testing.T) {
	by := &scribe{name: "a", size: 9000}
	dir := t.TempDir()
	s := openSmall(t, dir)
	create(t, s)
	s.KeepProfiles(by)
	var entries []store.Entry
	for i := range 50 {
		entries = append(entries, smallEntry(fmt.Sprintf("d%03d", i), "1", 2))
	}
	put(t, s, entries...)
	if err := os.Truncate(profileFiles(t, dir)[0], 10_000); err != nil {
		t.Fatal(err)
	}
	checkTexts(t, s)
	if there, held := checkProfiles(t, s, by); there == held {
		t.Errorf("%d profiles are there in a file that was cut", there)
	}
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
		complete(t, s, by)
	}
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
