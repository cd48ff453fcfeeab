package local_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"dalil/corpus"
	"dalil/store/local"
)

// A database whose log is gone or cut short is refused, for writing and for
// reading, until the loss is accepted.
func TestLostWritesAreNoticed(t *testing.T) {
	dir := t.TempDir()
	s := openSmall(t, dir)
	create(t, s)
	put(t, s, smallEntry("a", "1", 2), smallEntry("b", "1", 2))
	if err := s.Delete(t.Context(), []string{"b"}); err != nil {
		t.Fatal(err)
	}
	killed := copyFolder(t, dir) // what a killed process leaves, but for the mark
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	mark, err := os.ReadFile(filepath.Join(collectionDir(t, dir), "acknowledged.json"))
	if err != nil {
		t.Fatal(err)
	}
	overwrite(t, filepath.Join(collectionDir(t, killed), "acknowledged.json"), string(mark))
	for name, spoil := range map[string]func(t *testing.T, wal string){
		"as it was":   func(*testing.T, string) {},
		"log removed": func(t *testing.T, wal string) { remove(t, wal) },
		"log emptied": func(t *testing.T, wal string) { overwrite(t, wal, "") },
		"log cut short": func(t *testing.T, wal string) {
			info, err := os.Stat(wal)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.Truncate(wal, info.Size()-100); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := copyFolder(t, killed)
			path := filepath.Join(collectionDir(t, dir), "dalil.db")
			spoil(t, path+"-wal")
			options := local.Options{Dir: dir, Pipeline: smallPipeline()}
			for _, options.ReadOnly = range []bool{true, false} {
				s, err := local.Open(t.Context(), options)
				if err == nil {
					s.Close()
				}
				if name == "as it was" {
					if err != nil {
						t.Errorf("read only %v: %v", options.ReadOnly, err)
					}
					continue
				}
				if !errors.Is(err, corpus.ErrCorrupt) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "--accept-loss") {
					t.Errorf("read only %v: got %v, want ErrCorrupt with %s and the way out", options.ReadOnly, err, path)
				}
			}
			if lost, err := local.AcceptLoss(t.Context(), dir); err != nil || (lost == "") != (name == "as it was") {
				t.Errorf("accept the loss: %q, %v", lost, err)
			}
			s := openSmall(t, dir)
			if name == "log cut short" { // what the rest of the log holds is there
				if _, err := s.Document(t.Context(), "a"); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// The mark is at most a second behind what was acknowledged.
func TestTheMarkFollowsWrites(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s, err := local.Open(t.Context(), local.Options{Dir: dir, Pipeline: smallPipeline()})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		create(t, s)
		for n, id := range []string{"a", "b", "c"} {
			put(t, s, smallEntry(id, "1", 1))
			time.Sleep(time.Second)
			synctest.Wait()
			raw, err := os.ReadFile(filepath.Join(collectionDir(t, dir), "acknowledged.json"))
			var mark struct{ Sequence, Documents int }
			if err != nil || json.Unmarshal(raw, &mark) != nil || mark.Sequence != n+1 || mark.Documents != n+1 {
				t.Errorf("a second after write %d: %s, %v", n+1, raw, err)
			}
		}
	})
}
