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
	mu sync.Mutex
	seen
}

// seen is what a watcher was told.
type seen struct {
	removed, swept, lent int
	last                 error
}

func (w *watcher) Removed(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.removed += n
}

func (w *watcher) Swept(_ context.Context, _ time.Time, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.swept, w.last = w.swept+1, err
}

func (w *watcher) lend() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lent++
}

func (w *watcher) get() seen {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.seen
}

// state returns what is held and the sizes of the batches that were removed.
func (x *index) state() (held int, batches string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return len(x.ids), fmt.Sprint(x.batches)
}

// text is a log that may be read while it is written.
type text struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *text) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *text) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func TestRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		x, w, log := &index{}, &watcher{}, &text{}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			expiry.Run(ctx, func(do func(expiry.Index) error) error { w.lend(); return do(x) }, w, slog.New(slog.NewTextHandler(log, nil)))
		}()
		later := func() { time.Sleep(2 * expiry.Every); synctest.Wait() }
		x.set(600, nil)
		later()
		now := w.get()
		if held, batches := x.state(); now.removed != 600 || now.last != nil || held != 0 || batches != "[256 256 88]" || now.lent < 4 {
			t.Errorf("removed %d in batches of %v, lent %d times, error %v", now.removed, batches, now.lent, now.last)
		}
		x.set(3, corpus.ErrUnavailable)
		swept := now.swept
		later()
		later()
		now = w.get()
		if now.removed != 600 || corpus.KindOf(now.last) != corpus.ErrUnavailable || now.swept < swept+2 || strings.Count(log.String(), "could not be removed") != 1 {
			t.Errorf("while it is down: removed %d, %d sweeps, error %v, log:\n%s", now.removed, now.swept-swept, now.last, log)
		}
		x.set(0, corpus.ErrNotReady)
		later()
		if err := w.get().last; err != nil {
			t.Errorf("an empty index is an error: %v", err)
		}
		x.set(0, nil)
		later()
		if now = w.get(); now.removed != 603 || strings.Count(log.String(), "removed again") != 1 {
			t.Errorf("afterwards: removed %d, log:\n%s", now.removed, log)
		}
		cancel()
		<-done // shutdown waits for it
	})
}
