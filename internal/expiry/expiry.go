// Package expiry removes expired documents. They are hidden from the moment of their
// expiry, even before they are removed. Start with [Run].
package expiry

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"dalil/corpus"
)

// Every is the approximate time between two sweeps. Several servers of one index
// sweep at different times.
const Every = 10 * time.Second

// batch is how many documents are removed in one call.
const batch = 256

// Index is the index that documents are removed from.
type Index interface {
	// Expired returns ids of documents that have expired, at most limit.
	Expired(ctx context.Context, limit int) ([]string, error)
	// DeleteIf deletes documents if their conditions hold.
	DeleteIf(ctx context.Context, deletions []corpus.Deletion) error
}

// lender calls do with the currently active index.
type lender func(do func(Index) error) error

// Watcher is called with the results.
type Watcher interface {
	// Removed counts documents of a batch that was removed.
	Removed(n int)
	// Swept is called when no expired document is left, or with the error of a sweep.
	Swept(ctx context.Context, at time.Time, err error)
}

// Run removes expired documents until ctx ends. lend calls do with the currently active
// index. A failure is logged once, until a
// later sweep succeeds, and the next sweep tries again.
func Run[I Index](ctx context.Context, lend func(do func(I) error) error, watcher Watcher, log *slog.Logger) {
	borrow := func(do func(Index) error) error { return lend(func(index I) error { return do(index) }) }
	failing := false
	for {
		err := sweep(ctx, borrow, watcher)
		if ctx.Err() != nil {
			return
		}
		if errors.Is(err, corpus.ErrNotReady) { // nothing is indexed yet
			err = nil
		}
		watcher.Swept(ctx, time.Now(), err)
		switch {
		case err != nil && !failing:
			log.LogAttrs(ctx, slog.LevelWarn, "documents that have expired could not be removed; they are hidden, and the removal is tried again",
				slog.String("error", err.Error()))
		case err == nil && failing:
			log.LogAttrs(ctx, slog.LevelInfo, "documents that have expired are removed again")
		}
		failing = err != nil
		select {
		case <-ctx.Done():
			return
		case <-time.After(Every*4/5 + rand.N(Every*2/5)):
		}
	}
}

// sweep removes batches until no expired document is left. Each batch uses the index
// that is active at that time.
func sweep(ctx context.Context, lend lender, watcher Watcher) error {
	for {
		n := 0
		err := lend(func(index Index) (err error) {
			n, err = remove(ctx, index)
			return err
		})
		if err != nil || n == 0 {
			return err
		}
		watcher.Removed(n)
	}
}

// remove removes one batch. A document that was written again meanwhile has another
// expiry, and stays.
func remove(ctx context.Context, index Index) (int, error) {
	ids, err := index.Expired(ctx, batch)
	if err != nil {
		return 0, fmt.Errorf("list documents that have expired: %w", err)
	}
	if len(ids) == 0 {
		return 0, nil
	}
	deletions := make([]corpus.Deletion, len(ids))
	for i, id := range ids {
		deletions[i] = corpus.Deletion{ID: id, Expired: true}
	}
	if err := index.DeleteIf(ctx, deletions); err != nil {
		return 0, fmt.Errorf("remove %d documents that have expired: %w", len(ids), err)
	}
	return len(ids), nil
}
