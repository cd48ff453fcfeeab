package local_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"dalil/store"
	"dalil/store/local"
)

// damage changes a file of profiles.
type damage struct {
	name string
	do   func(path string, data []byte) error
}

// Whatever happens to a file, no profile is wrong, no document is lost, and what is
// missing is made again.
func TestDamagedProfiles(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	checkDamages(t, keeping(t, &scribe{name: "a"}, 40), []damage{
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
	})
}

// checkDamages does each damage to a copy of a folder of keeping with 40 documents.
func checkDamages(t *testing.T, sound string, damages []damage) {
	t.Helper()
	by := &scribe{name: "a"}
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

// A file that becomes shorter while it is mapped must not end the process. What reads it first
// has the file written again in the background, so each reader gets a file of its own.
func TestProfilesCutWhileInUse(t *testing.T) {
	for name, check := range map[string]func(testing.TB, *local.Store, *scribe){
		"texts": func(t testing.TB, s *local.Store, _ *scribe) { checkTexts(t, s) },
		"profiles": func(t testing.TB, s *local.Store, by *scribe) {
			if there, held := checkProfiles(t, s, by); there == held {
				t.Errorf("%d profiles are there in a file that was cut", there)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
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
			check(t, s, by)
			complete(t, s, by)
		})
	}
}
