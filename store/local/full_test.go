package local_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"dalil/corpus"
	"dalil/store"
	"dalil/store/local"
)

// SQLite's limit on pages stands in for the disk: growing past it fails with
// the same SQLITE_FULL. Searches go on; writes go on once there is space.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	open := func(limit int64) *local.Store {
		t.Helper()
		s, err := local.Open(t.Context(), local.Options{Dir: dir, Pipeline: smallPipeline(), MaxBytes: limit})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		return s
	}
	s := open(400 << 10)
	create(t, s)
	held := 0
	for ; ; held++ {
		err := s.Put(t.Context(), []store.Entry{smallEntry(fmt.Sprint("d", held), "1", 10)})
		if errors.Is(err, corpus.ErrExhausted) {
			if !strings.Contains(err.Error(), "the disk /") || !strings.Contains(err.Error(), dir) {
				t.Errorf("got %v, want the disk and the folder %s", err, dir)
			}
			break
		}
		if err != nil || held > 1000 {
			t.Fatalf("document %d: got %v, want ErrExhausted at last", held, err)
		}
	}
	if held < 5 {
		t.Fatalf("only %d documents fitted", held)
	}
	all := []store.ArmQuery{{Dense: smallEntry("d0", "1", 1).Points[0].Dense, Limit: 10_000}}
	works := func(passages int) {
		t.Helper()
		found, err := s.Search(t.Context(), all)
		if err != nil || len(found[0]) != passages {
			t.Fatalf("search: %d passages, %v, want %d", len(found[0]), err, passages)
		}
		points, err := s.Chunks(t.Context(), []corpus.ChunkID{found[0][0].ID}, store.WithText|store.WithDocument)
		if err != nil || len(points) != 1 {
			t.Fatalf("chunks: %d, %v", len(points), err)
		}
	}
	works(10 * held)
	// A replacement that does not fit leaves what was there.
	if err := s.Put(t.Context(), []store.Entry{smallEntry("d0", "2", 500)}); !errors.Is(err, corpus.ErrExhausted) {
		t.Fatalf("a larger revision: got %v, want ErrExhausted", err)
	}
	works(10 * held)
	if err := s.Ready(t.Context()); err != nil {
		t.Errorf("ready: %v", err)
	}
	// Space by deleting.
	if err := s.Delete(t.Context(), []string{"d1", "d2", "d3", "d4", "d5"}); err != nil {
		t.Fatalf("delete on a full disk: %v", err)
	}
	put(t, s, smallEntry("new", "1", 10))
	works(10 * (held - 4))
	// Space from outside.
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(0)
	put(t, s, smallEntry("large", "1", 500))
	works(10*(held-4) + 500)
}
