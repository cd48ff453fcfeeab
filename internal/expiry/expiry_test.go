package expiry_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dalil/corpus"
	"dalil/internal/expiry"
)

// index is an index in memory that can be down.
type index struct {
	mu      sync.Mutex
	ids     []string
	down    error
	batches []int
}

func (x *index) Expired(_ context.Context, limit int) ([]string, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.ids[:min(limit, len(x.ids))], x.down
}

func (x *index) DeleteIf(_ context.Context, deletions []corpus.Deletion) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, d := range deletions {
		if !d.Expired || d.ID != x.ids[0] {
			return fmt.Errorf("%w: %+v", corpus.ErrInternal, d)
		}
		x.ids = x.ids[1:]
	}
	x.batches = append(x.batches, len(deletions))
	return nil
}

func (x *index) set(n int, down error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.down = down
	for i := range n {
		x.ids = append(x.ids, fmt.Sprint("d", i))
	}
}

// watcher keeps what it is told.
type watcher struct {
	removed, swept int
	last           error
}

func (w *watcher) Removed(n int)                                   { w.removed += n }
func (w *watcher) Swept(_ context.Context, _ time.Time, err error) { w.swept, w.last = w.swept+1, err }

func TestRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x, w, log := &index{}, &watcher{}, &strings.Builder{}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		lent := 0
		go func() {
			defer close(done)
			expiry.Run(ctx, func(do func(expiry.Index) error) error { lent++; return do(x) }, w, slog.New(slog.NewTextHandler(log, nil)))
		}()
		later := func() { time.Sleep(2 * expiry.Every); synctest.Wait() }
		x.set(600, nil)
		later()
		if w.removed != 600 || w.last != nil || len(x.ids) != 0 || fmt.Sprint(x.batches) != "[256 256 88]" || lent < 4 {
			t.Errorf("removed %d in batches of %v, lent %d times, error %v", w.removed, x.batches, lent, w.last)
		}
		x.set(3, corpus.ErrUnavailable)
		swept := w.swept
		later()
		later()
		if w.removed != 600 || corpus.KindOf(w.last) != corpus.ErrUnavailable || w.swept < swept+2 || strings.Count(log.String(), "could not be removed") != 1 {
			t.Errorf("while it is down: removed %d, %d sweeps, error %v, log:\n%s", w.removed, w.swept-swept, w.last, log)
		}
		x.set(0, corpus.ErrNotReady)
		later()
		if w.last != nil {
			t.Errorf("an empty index is an error: %v", w.last)
		}
		x.set(0, nil)
		later()
		if w.removed != 603 || strings.Count(log.String(), "removed again") != 1 {
			t.Errorf("afterwards: removed %d, log:\n%s", w.removed, log)
		}
		cancel()
		<-done // shutdown waits for it
	})
}
