package local_test

import (
	"database/sql"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dalil/corpus"
	"dalil/store"
	"dalil/store/local"
)

// collectionDir is the folder that `current` names.
func collectionDir(t testing.TB, dir string) string {
	t.Helper()
	name, err := os.ReadFile(filepath.Join(dir, "current"))
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, strings.TrimSpace(string(name)))
}

func segmentFiles(t testing.TB, dir string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(collectionDir(t, dir), "*.segment"))
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func copyFolder(t testing.TB, from string) string {
	t.Helper()
	to := t.TempDir()
	if err := os.CopyFS(filepath.Join(to, "copy"), os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(to, "copy")
}

func answers(t testing.TB, s *local.Store) [][][]store.Hit {
	t.Helper()
	var all [][][]store.Hit
	for _, arms := range smallQuestions(5, 20) {
		found, err := s.Search(t.Context(), arms)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, found)
	}
	return all
}

// grown is a folder that has seen merges, files, replacements and deletes.
func grown(t testing.TB, dir string, batches int) {
	t.Helper()
	s := openSmall(t, dir)
	create(t, s)
	random := rand.New(rand.NewPCG(1, 1))
	for batch := range batches {
		var entries []store.Entry
		for i := range 10 {
			entries = append(entries, smallEntry(fmt.Sprintf("d%03d", batch*7+i), fmt.Sprint(batch), 12+random.IntN(10)))
		}
		put(t, s, entries...)
		if batch%10 == 9 {
			if err := s.Delete(t.Context(), []string{fmt.Sprintf("d%03d", random.IntN(batch*7)), fmt.Sprintf("d%03d", random.IntN(batch*7))}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// Answers, to the last bit of a score, come from what is stored and not from
// how segments were merged, and files that can't be trusted cost time alone.
func TestFilesAreACopy(t *testing.T) {
	dir := t.TempDir()
	grown(t, dir, 66)
	if len(segmentFiles(t, dir)) == 0 {
		t.Fatal("no segment was written to a file: the test tries nothing")
	}
	s := openSmall(t, dir)
	want := answers(t, s)
	counted, err := s.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	spoil := func(t *testing.T, name string, change func([]byte) []byte) {
		t.Helper()
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, change(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, f := range map[string]func(t *testing.T, files []string){
		"as it was":     func(*testing.T, []string) {},
		"all removed":   func(t *testing.T, files []string) { removeAll(t, files) },
		"first removed": func(t *testing.T, files []string) { removeAll(t, files[:1]) },
		"bits flipped": func(t *testing.T, files []string) {
			spoil(t, files[len(files)-1], func(b []byte) []byte {
				for i := len(b) / 8; i < len(b)/4; i += 50 {
					b[i] ^= 0x44
				}
				return b
			})
		},
		"cut short": func(t *testing.T, files []string) {
			spoil(t, files[0], func(b []byte) []byte { return b[:len(b)-100] })
		},
		"emptied": func(t *testing.T, files []string) { spoil(t, files[0], func([]byte) []byte { return nil }) },
		"wrong counts": func(t *testing.T, files []string) {
			spoil(t, files[0], func(b []byte) []byte { b[30] ^= 0xff; return b })
		},
		"of an earlier version": func(t *testing.T, files []string) {
			spoil(t, files[0], func(b []byte) []byte {
				b[8]--
				listAgain(t, files[0], b)
				return b
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			copied := copyFolder(t, dir)
			before := segmentFiles(t, copied)
			f(t, before)
			for range 2 { // the second time with what the first has repaired
				s := openSmall(t, copied)
				if diff := cmp.Diff(want, answers(t, s)); diff != "" {
					t.Errorf("answers differ (-want +got):\n%s", diff)
				}
				got, err := s.Stats(t.Context())
				got.DiskBytes, got.UpdatedAt = counted.DiskBytes, counted.UpdatedAt
				if diff := cmp.Diff(counted, got); diff != "" || err != nil {
					t.Errorf("stats differ (-want +got), %v:\n%s", err, diff)
				}
				put(t, s, smallEntry("late", "1", 3)) // writes go on
				if err := s.Delete(t.Context(), []string{"late"}); err != nil {
					t.Fatal(err)
				}
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(before, segmentFiles(t, copied)); name == "as it was" && diff != "" {
				t.Errorf("sound files were not trusted (-before +after):\n%s", diff)
			}
			if name == "of an earlier version" && slices.Contains(segmentFiles(t, copied), before[0]) {
				t.Error("the file of an earlier version was kept")
			}
		})
	}
}

// listAgain changes the checksum of a file in the database to that of its new content.
func listAgain(t testing.TB, file string, content []byte) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(filepath.Dir(file), "dalil.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	checksum := crc32.Checksum(content, crc32.MakeTable(crc32.Castagnoli))
	done, err := db.ExecContext(t.Context(), "UPDATE segment SET checksum = ? WHERE name = ?", checksum, filepath.Base(file))
	if err != nil {
		t.Fatal(err)
	}
	if n, err := done.RowsAffected(); n != 1 || err != nil {
		t.Fatalf("%d files have a new checksum, error %v", n, err)
	}
}

func removeAll(t testing.TB, files []string) {
	t.Helper()
	for _, f := range files {
		if err := os.Remove(f); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFilesAreTheOwnersAlone(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has other permissions")
	}
	dir := filepath.Join(t.TempDir(), "data")
	grown(t, dir, 10)
	s := openSmall(t, dir)
	put(t, s, smallEntry("a", "1", 1)) // makes the log and its index
	seen := map[string]bool{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		want := fs.FileMode(0o600)
		if entry.IsDir() {
			want = 0o700
		}
		seen[filepath.Ext(path)] = true
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s: mode %o, want %o", path, got, want)
		}
		return nil
	})
	if err != nil || !seen[".db"] || !seen[".segment"] || !seen[".db-wal"] {
		t.Errorf("%v, saw %v", err, seen)
	}
}

func TestCorruptFilesAreNamed(t *testing.T) {
	original := t.TempDir()
	s := openSmall(t, original)
	create(t, s)
	for i := range 30 {
		put(t, s, smallEntry(fmt.Sprint("d", i), "1", 20))
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func([]byte) []byte{
		"not a database": func(b []byte) []byte { copy(b, "this is not a database at all"); return b },
		"half of it":     func(b []byte) []byte { return b[:len(b)/2] },
		"zeroed pages": func(b []byte) []byte {
			clear(b[8192:])
			return b
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := copyFolder(t, original)
			path := filepath.Join(collectionDir(t, dir), "dalil.db")
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, change(content), 0o600); err != nil {
				t.Fatal(err)
			}
			s, err := local.Open(t.Context(), local.Options{Dir: dir, Pipeline: smallPipeline()})
			if err == nil {
				s.Close()
			}
			if !errors.Is(err, corpus.ErrCorrupt) || !strings.Contains(err.Error(), path) {
				t.Errorf("got %v, want ErrCorrupt with %s", err, path)
			}
		})
	}
	dir := copyFolder(t, original)
	if err := os.WriteFile(filepath.Join(dir, "current"), []byte("../../etc\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := local.Open(t.Context(), local.Options{Dir: dir, Pipeline: smallPipeline()}); !errors.Is(err, corpus.ErrCorrupt) {
		t.Errorf("a pointer out of the folder: got %v, want ErrCorrupt", err)
	}
}
