package local_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dalil/corpus"
	"dalil/store"
	"dalil/store/local"
)

// testdata/schema-N is a data folder of schema version N. Every version before the
// newest has one.
func fixture(t *testing.T, version int) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(fixturePath(version))); err != nil {
		t.Fatalf("the fixture of schema version %d is missing; see migrate.go: %v", version, err)
	}
	return dir
}

func fixturePath(version int) string {
	return filepath.Join("testdata", fmt.Sprint("schema-", version))
}

// fixtureEntries are what every fixture holds.
func fixtureEntries() []store.Entry {
	var all []store.Entry
	for i, id := range []string{"empty", "مقال/١", "long"} {
		e := smallEntry(id, "1", []int{0, 2, 40}[i])
		for j := range e.Points {
			if j%2 == 0 {
				e.Points[j].Chunk.Headings = []string{"Head " + id, fmt.Sprint("part ", j)}
			}
		}
		all = append(all, e)
	}
	return all
}

// TestWriteFixture writes the fixture of the newest version, for whoever is about to
// add the next one.
func TestWriteFixture(t *testing.T) {
	if os.Getenv("DALIL_WRITE_FIXTURE") == "" {
		t.Skip("set DALIL_WRITE_FIXTURE=1 to write the fixture of the newest schema version")
	}
	dir := t.TempDir()
	s := openSmall(t, dir)
	_, newest := s.Schema()
	create(t, s)
	put(t, s, smallEntry("gone", "1", 1))
	put(t, s, fixtureEntries()...)
	if err := s.Delete(t.Context(), []string{"gone"}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	leftovers, err := filepath.Glob(filepath.Join(dir, "*", "dalil.db-*")) // the log is empty
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range append(leftovers, filepath.Join(dir, "lock")) {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	to := fixturePath(newest)
	if err := os.RemoveAll(to); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
}

func newestVersion(t *testing.T) int {
	t.Helper()
	_, newest := openSmall(t, t.TempDir()).Schema()
	return newest
}

// checkFixture compares what a store holds with what was put into the fixture.
func checkFixture(t *testing.T, s *local.Store, schema int) {
	t.Helper()
	if held, _ := s.Schema(); held != schema {
		t.Errorf("the database has schema version %d, want %d", held, schema)
	}
	for _, want := range fixtureEntries() {
		id := want.Document.ID
		info, err := s.Document(t.Context(), id)
		if err != nil || info.Chunks != len(want.Points) || numberOf(info.Document.Metadata["n"]) != want.Document.Metadata["n"].Float() {
			t.Fatalf("document %q: %+v, error %v", id, info, err)
		}
		var ids []corpus.ChunkID
		for i := range want.Points {
			ids = append(ids, want.Points[i].Chunk.ID)
		}
		points, err := s.Chunks(t.Context(), ids, store.WithText|store.WithDense|store.WithDocument)
		if err != nil || len(points) != len(ids) {
			t.Fatalf("document %q: %d passages, error %v, want %d", id, len(points), err, len(ids))
		}
		for i, p := range points {
			held := want.Points[i]
			if p.Chunk.Text != held.Chunk.Text || !slices.Equal(p.Chunk.Headings, held.Chunk.Headings) || !slices.Equal(p.Dense, held.Dense) {
				t.Errorf("document %q, passage %d: %+v, want %+v", id, i, p.Chunk, held.Chunk)
			}
		}
	}
	for e, err := range s.Entries(t.Context()) {
		if err != nil {
			t.Fatalf("read %q whole: %v", e.Document.ID, err)
		}
	}
	for i, arms := range smallQuestions(7, 8) {
		found, err := s.Search(t.Context(), arms)
		if err != nil || i == 0 && len(found[0]) != 20 {
			t.Fatalf("search: %d hits, error %v", len(found[0]), err)
		}
	}
	for _, want := range fixtureEntries() {
		x := want.Document.Metadata["n"].Float()
		arm := store.ArmQuery{Dense: smallVector(rand.New(rand.NewPCG(1, 1))), Limit: 100, Filter: corpus.Filter{Metadata: &corpus.MetadataMatch{Key: "n", Min: &x, Max: &x}}}
		found, err := s.Search(t.Context(), []store.ArmQuery{arm})
		if n := len(want.Points); err != nil || len(found[0]) < n || n > 0 && !slices.ContainsFunc(found[0], func(h store.Hit) bool { return h.DocumentID == want.Document.ID }) {
			t.Errorf("the range %v to %v of n has %d hits, error %v, want those of %q", x, x, len(found[0]), err, want.Document.ID)
		}
	}
	stats, err := s.Stats(t.Context())
	if err != nil || stats.Documents != 3 || stats.Passages != 42 {
		t.Errorf("%+v, error %v, want 3 documents and 42 passages", stats, err)
	}
}

func TestMigrations(t *testing.T) {
	newest := newestVersion(t)
	for version := 1; version < newest; version++ {
		t.Run(fmt.Sprint(version), func(t *testing.T) {
			dir := fixture(t, version)
			t.Run("read only", func(t *testing.T) {
				s, err := local.Open(t.Context(), local.Options{Dir: dir, Pipeline: smallPipeline(), ReadOnly: true})
				if err != nil {
					t.Fatal(err)
				}
				defer s.Close()
				checkFixture(t, s, version)
			})
			t.Run("salvage", func(t *testing.T) {
				s, err := local.OpenDamaged(t.Context(), dir)
				if err != nil {
					t.Fatal(err)
				}
				defer s.Close()
				if lines, err := s.Integrity(t.Context()); err != nil || len(lines) > 0 || len(s.Damaged()) > 0 {
					t.Errorf("found %v and %v, error %v", lines, s.Damaged(), err)
				}
				checkFixture(t, s, version)
			})
			var ran []int
			options := local.Options{Dir: dir, Pipeline: smallPipeline(), Migrated: func(m local.Migration) { ran = append(ran, m.Version) }}
			for range 2 { // the second time there is nothing to do
				s, err := local.Open(t.Context(), options)
				if err != nil {
					t.Fatal(err)
				}
				checkFixture(t, s, newest)
				put(t, s, smallEntry("new", "1", 3)) // also written to
				if err := s.Delete(t.Context(), []string{"new"}); err != nil {
					t.Fatal(err)
				}
				s.Close()
			}
			if want := versions(version+1, newest); !slices.Equal(ran, want) {
				t.Errorf("migrated to %v, want %v", ran, want)
			}
			found, problem, err := local.Inspect(t.Context(), dir)
			if err != nil || problem != nil || len(found) != 1 || found[0].Schema != newest {
				t.Errorf("inspection finds %+v, %v, %v, want schema %d", found, problem, err, newest)
			}
		})
	}
}

func versions(from, to int) (all []int) {
	for v := from; v <= to; v++ {
		all = append(all, v)
	}
	return all
}

// withoutHeadings is a data folder that commit 64ff83b wrote.
const withoutHeadings = "../../internal/app/testdata/index-64ff83b"

// Some databases of version 1 have no table of headings. They are read as they are.
func TestVersion1WithoutHeadings(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(withoutHeadings)); err != nil {
		t.Fatal(err)
	}
	settings, err := local.Peek(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, readOnly := range []bool{true, false} {
		s, err := local.Open(t.Context(), local.Options{Dir: dir, Pipeline: settings.Pipeline, ReadOnly: readOnly})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for e, err := range s.Entries(t.Context()) {
			if err != nil || len(e.Points) == 0 || e.Points[0].Chunk.Text == "" || e.Points[0].Chunk.Headings != nil {
				t.Errorf("read only %v: document %q has passages %+v, error %v", readOnly, e.Document.ID, e.Points, err)
			}
			n++
		}
		if n != 3 {
			t.Errorf("read only %v: %d documents, want 3", readOnly, n)
		}
		s.Close()
	}
}

// migrateUntilKilled opens a folder and is killed in its first migration.
func migrateUntilKilled(dir string) error {
	_, err := local.Open(context.Background(), local.Options{Dir: dir, Pipeline: smallPipeline(), Migrated: func(local.Migration) {
		if self, err := os.FindProcess(os.Getpid()); err == nil {
			_ = self.Kill()
		}
		select {}
	}})
	return fmt.Errorf("the folder was opened without a migration, or not at all: %w", err)
}

func TestKillInAMigration(t *testing.T) {
	newest := newestVersion(t)
	for version := 1; version < newest; version++ {
		dir := fixture(t, version)
		for range 2 {
			child, _ := play(t, "migrator", dir)
			_ = child.Wait()
			if code := child.ProcessState.ExitCode(); code != -1 { // -1: a signal ended it
				t.Fatalf("version %d: the migrating process ended with %v, want a kill", version, child.ProcessState)
			}
		}
		s, err := local.Open(t.Context(), local.Options{Dir: dir, Pipeline: smallPipeline(), ReadOnly: true})
		if err != nil {
			t.Fatalf("version %d: after the kill: %v", version, err)
		}
		checkFixture(t, s, version)
		s.Close()
		checkFixture(t, openSmall(t, dir), newest)
	}
}

// A full disk ends a migration, and the folder stays as it was.
func TestMigrationOnAFullDisk(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(withoutHeadings)); err != nil {
		t.Fatal(err)
	}
	settings, err := local.Peek(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(collectionDir(t, dir), "dalil.db"))
	if err != nil {
		t.Fatal(err)
	}
	options := local.Options{Dir: dir, Pipeline: settings.Pipeline, MaxBytes: info.Size()}
	if _, err = local.Open(t.Context(), options); !errors.Is(err, corpus.ErrExhausted) || !strings.Contains(err.Error(), "schema version") {
		t.Errorf("got %v, want ErrExhausted that names the schema version", err)
	}
	options.MaxBytes = 0
	s, err := local.Open(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if held, newest := s.Schema(); held != newest {
		t.Errorf("the database has schema version %d, want %d", held, newest)
	}
}

// numberOf is the number that a value is, or was before values had types.
func numberOf(v corpus.Value) float64 {
	if x, is := v.Decimal(); is {
		return x
	}
	return v.Float()
}
