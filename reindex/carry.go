package reindex

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"dalil/corpus"
	"dalil/store"
)

// Target is a collection that documents are carried to.
type Target struct {
	// Store is the collection. If it is a [store.Carrier], the order of writes is kept.
	Store store.Store
	// Deleted returns the documents that were recently deleted from it, by id; nil: unknown.
	Deleted func(context.Context) (map[string]time.Time, error)
	// Index cuts and embeds documents again and writes them to s, which is the
	// Store or a wrapper around it.
	Index func(ctx context.Context, s store.Store, raws <-chan corpus.Raw, report func(corpus.Receipt)) error
}

// Carry copies to a new collection what is missing there, from a source that may
// still be written to. If a document of the source cannot be read, Carry calls
// damaged with it; if damaged is nil, it returns the error. It returns the time at
// which its last pass began: documents that were written to the source later may be
// missing.
func Carry(ctx context.Context, from store.Reader, to Target, damaged func(store.Damage), report func(corpus.Receipt)) (began time.Time, err error) {
	c := carrier{from: from, to: to, damaged: damaged}
	err = c.run(ctx, report)
	return c.began, err
}

// carrier makes a target collection equal to a source that may still be written to.
// Documents that are missing or different in the target are read from the source,
// and cut and embedded again. Documents that the source no longer has are deleted.
// The chunks of a document concatenate to its text, so the original files are not
// needed.
type carrier struct {
	from store.Reader
	to   Target
	// since is when the target became active; zero: it is not active. From then on,
	// documents that were written to the target stay, and only later writes to the
	// source are carried. Later deletions in the source are carried too, unless the
	// document was written to the target again after flipped, when the first server
	// could have switched.
	since, flipped time.Time

	// damaged is called with a document of the source that cannot be read, and the
	// document is skipped; nil: the run ends with the error.
	damaged func(store.Damage)

	began time.Time // of the last pass
}

// Under constant writes, every pass finds new documents. After carryEnough passes,
// a pass that carries at most carryRest documents is accepted as the last.
// carryPasses limits the number of passes.
const (
	carryPasses = 20
	carryEnough = 3
	carryRest   = 256
)

// run makes passes until one finds nothing to do, or little if the source is being
// written to. A document that fails is reported, and not tried again in this run.
func (c *carrier) run(ctx context.Context, report func(corpus.Receipt)) error {
	failed := map[string]bool{}
	for pass := range carryPasses {
		n, err := c.pass(ctx, failed, report)
		if err != nil || n == 0 || pass >= carryEnough && n <= carryRest {
			return err
		}
	}
	return fmt.Errorf("%w: documents are written to the source faster than they are carried over; %d passes were not enough", corpus.ErrConflict, carryPasses)
}

// pass returns how many documents it wrote or deleted.
func (c *carrier) pass(ctx context.Context, failed map[string]bool, report func(corpus.Receipt)) (int, error) {
	c.began = time.Now()
	held, err := holdings(ctx, c.to.Store)
	if err != nil {
		return 0, err
	}
	var deleted, dropped map[string]time.Time // in the target and in the source
	if !c.since.IsZero() {
		if deleted, err = c.to.Deleted(ctx); err != nil {
			return 0, err
		}
		if dropped, err = store.Deletions(ctx, c.from); err != nil {
			return 0, err
		}
	}
	raws := make(chan corpus.Raw)
	carried := 0
	var times carriedTimes
	group, reading := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer close(raws)
		return store.Each(reading, c.from, func(info store.Record) error {
			if info.Expired {
				return nil // it is being removed
			}
			id := info.Document.ID
			there, known := held[id]
			delete(held, id)
			if !known {
				there.updated = deleted[id]
			}
			if failed[id] || known && there.is(info) || !c.newer(info.UpdatedAt, there.updated) {
				return nil
			}
			whole, err := store.ReadDocument(reading, c.from, id, true)
			if errors.Is(err, corpus.ErrNotFound) {
				return nil // the next pass finds that it was deleted
			}
			if c.damaged != nil && errors.Is(err, corpus.ErrCorrupt) {
				failed[id] = true
				c.damaged(store.Damage{DocumentID: id, Err: err})
				return nil
			}
			if err != nil {
				return err
			}
			carried++
			t := carriedTime{at: info.UpdatedAt}
			if c.since.IsZero() && known { // no other process writes to the target yet
				t.over = there.updated
			}
			times.set(id, t)
			// If it was replaced after it was listed, the next pass finds that.
			select {
			case raws <- corpus.Raw{Document: whole.Document, Content: store.Content(info.Fingerprint), ReplaceRoot: true}:
				return nil
			case <-reading.Done():
				return reading.Err()
			}
		})
	})
	var broken []string
	group.Go(func() error {
		into := c.to.Store
		if carrier, able := into.(store.Carrier); able {
			into = carryStore{into, carrier, &times}
		}
		return c.to.Index(reading, into, raws, func(r corpus.Receipt) {
			if r.Outcome == corpus.Failed {
				broken = append(broken, r.DocumentID)
			}
			report(r)
		})
	})
	if err := group.Wait(); err != nil {
		return 0, err
	}
	for _, id := range broken {
		failed[id] = true
	}
	gone, err := c.deleteGone(ctx, held, dropped, report)
	return carried - len(broken) + gone, err
}

// newer reports whether the source's version of a document must be carried to a
// target that may be active.
func (c *carrier) newer(source, target time.Time) bool {
	return c.since.IsZero() || source.After(c.since) && source.After(target)
}

// deleteGone deletes documents that only the target has. If the target is active,
// it deletes only documents that are known to have been deleted from the source.
func (c *carrier) deleteGone(ctx context.Context, left map[string]holding, dropped map[string]time.Time, report func(corpus.Receipt)) (int, error) {
	var gone []string
	var drop []store.Dropped
	for id, there := range left {
		at := dropped[id]
		if c.since.IsZero() || at.After(c.since) && (at.After(there.updated) || there.updated.Before(c.flipped)) {
			gone = append(gone, id)
			drop = append(drop, store.Dropped{ID: id, At: at, Over: there.updated})
		}
	}
	if len(gone) == 0 {
		return 0, nil
	}
	if carrier, able := c.to.Store.(store.Carrier); able {
		if err := carrier.DeleteCarried(ctx, drop); err != nil {
			return 0, err
		}
	} else if err := c.to.Store.Delete(ctx, gone); err != nil {
		return 0, err
	}
	for _, id := range gone {
		report(corpus.Receipt{DocumentID: id, Outcome: corpus.Deleted})
	}
	return len(gone), nil
}
