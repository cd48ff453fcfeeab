package indexer_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/indexer"
)

// down is a writer that can write nothing.
type down struct{ pruned bool }

func (d *down) Write(_ context.Context, raws <-chan corpus.Raw, report func(corpus.Receipt)) error {
	for raw := range raws {
		report(corpus.Receipt{DocumentID: raw.Document.ID, Outcome: corpus.Failed, Err: corpus.Errorf(corpus.ErrUnavailable, "the store is down")})
	}
	return nil
}

func (d *down) Prune(context.Context, []string, string, map[string]bool) ([]string, error) {
	d.pruned = true
	return nil, nil
}

// A run that stopped has not seen all files, so it prunes nothing.
func TestARunThatStoppedPrunesNothing(t *testing.T) {
	dir := t.TempDir()
	for n := range 5 {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprint(n, ".txt")), []byte("Rivers."), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	d := &down{}
	request := indexer.Request{Paths: []string{dir}, Prune: true, RetryFor: time.Nanosecond}
	summary, err := indexer.IndexInto(t.Context(), d, request, func(corpus.Receipt) {})
	if err != nil || summary.Stopped == nil || d.pruned {
		t.Errorf("stopped: %v, pruned: %t, %v", summary.Stopped, d.pruned, err)
	}
}
