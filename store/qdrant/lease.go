package qdrant

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"dalil/corpus"
	"dalil/store"
)

// Another process may point the alias to another collection at any time. After a pause,
// it carries over what was written to the previous collection meanwhile (package reindex). A process that is stopped for longer than that, for example by
// SIGSTOP or by a suspended machine, would go on with a write to the previous collection
// that nobody carries over. So a write is acknowledged only while the store has a lease.
// The lease begins when the alias is read and points to this store's collection, and it
// is shorter than the pause of an activation. A write that ends within the lease is
// carried over by any activation. After the lease, the alias is read again. If it has
// not moved, the write was complete before any later activation.

// lease is when the alias was read last and pointed to the store's collection.
type lease struct {
	mu   sync.Mutex
	from time.Time
}

func (l *lease) renew(from time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if from.After(l.from) {
		l.from = from
	}
}

// end makes the next write read the alias.
func (l *lease) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.from = time.Time{}
}

// holds reports whether the lease is younger than its length.
func (l *lease) holds(length time.Duration) bool {
	l.mu.Lock()
	from := l.from
	l.mu.Unlock()
	// The wall clock shows whether the machine was suspended; the other clock is never set.
	wall := time.Now().Round(0).Sub(from.Round(0))
	return !from.IsZero() && max(wall, time.Since(from)) < length
}

// active returns an error if the alias no longer points to the collection. Within the
// lease it does not read the alias. A store that was opened by the name of a collection
// has no alias.
func (s *Store) active(ctx context.Context, collection string) error {
	if s.target != "" || s.lease.holds(s.options.Lease) {
		return nil
	}
	from := time.Now()
	now, err := s.resolve(ctx, s.reading(), s.options.Alias)
	switch {
	case err != nil:
		return err
	case now == "":
		return missingf("the alias %s points to no collection any more, and nothing is written to %s; \"dalil reindex activate %s\" points it there again", s.options.Alias, collection, collection)
	case now != collection:
		return corpus.Errorf(corpus.ErrUnavailable, "the alias %s points to collection %s now, no longer to %s; write it again", s.options.Alias, now, collection)
	}
	s.lease.renew(from)
	return nil
}

// confirm checks that the collection is active still, after the writes. If it is not, it
// is not known whether an activation has carried them over. An activation carries over
// what was begun shortly before it, so the lease is not enough for a write that took long.
func (s *Store) confirm(ctx context.Context, collection string, writes []*write) {
	if slices.ContainsFunc(writes, func(w *write) bool { return !w.begun.IsZero() && !s.recent(w) }) {
		s.lease.end()
	}
	err := s.active(ctx, collection)
	if err == nil {
		return
	}
	for _, w := range writes {
		if w.err == nil {
			w.err = &corpus.UnknownError{Cause: err}
		}
	}
}

// confirmed does the same for deletions and edits, of which err is the error.
func (s *Store) confirmed(ctx context.Context, collection string, err error) error {
	if some := (*store.PutError)(nil); err != nil && !errors.As(err, &some) {
		return err
	}
	if moved := s.active(ctx, collection); moved != nil {
		return &corpus.UnknownError{Cause: moved}
	}
	return err
}
