package qdrant

import (
	"context"
	"time"

	"dalil/corpus"
	"dalil/store"
)

// Carry writes documents of another collection, with the times at which they were
// written there (see store.Carrier).
func (s *Store) Carry(ctx context.Context, entries []store.Carried) error {
	name, err := s.at(ctx, s.reading())
	if err != nil {
		return err
	}
	if name == "" {
		return corpus.Errorf(corpus.ErrNotReady, "carry: create the collection first")
	}
	writes := make([]*write, len(entries))
	for i := range entries {
		e := &entries[i]
		if err := s.check(&e.Entry); err != nil {
			return err
		}
		writes[i] = &write{entry: &e.Entry, key: corpus.DocumentKey(e.Entry.Document.ID), carried: s.carriedAt(e.At), over: e.Over}
	}
	return s.putAll(ctx, name, writes)
}

// DeleteCarried deletes documents that were deleted from another collection.
func (s *Store) DeleteCarried(ctx context.Context, documents []store.Dropped) error {
	name, err := s.at(ctx, s.reading())
	if err != nil || name == "" || len(documents) == 0 {
		return err
	}
	going := make([]removal, len(documents))
	for i, d := range documents {
		going[i] = removal{Deletion: corpus.Deletion{ID: d.ID}, carried: max(1, s.carriedAt(d.At)), over: d.Over}
	}
	return s.deleteAll(ctx, name, going)
}

// carriedAt returns the sequence of a time, or of now if the time is in the future.
// So a rebuild removes times that a wrong clock has written.
func (s *Store) carriedAt(at time.Time) int64 {
	if now := s.clock.now(); at.After(now) {
		at = now
	}
	return max(1, sequenceOf(at))
}
