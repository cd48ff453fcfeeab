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
	// Store is the collection. A [store.Carrier] keeps the order of writes.
	Store store.Store
	// Deleted returns what was lately deleted from it, by id; nil: not known.
	Deleted func(context.Context) (map[string]time.Time, error)
	// Index cuts and embeds documents anew and writes them to s, which is the Store
	// or a wrapper of it.
	Index func(ctx context.Context, s store.Store, raws <-chan corpus.Raw, report func(corpus.Receipt)) error
}

// Carry brings a collection that is not in use yet level with another that goes on
// being written to. Documents of the source that cannot be read end it, or are
// told to damaged where that is given. It returns when the last pass began: what
// was written to the source later may be missing.
func Carry(ctx context.Context, from store.Reader, to Target, damaged func(store.Damage), report func(corpus.Receipt)) (began time.Time, err error) {
	c := carrier{from: from, to: to, damaged: damaged}
	err = c.run(ctx, report)
	return c.began, err
}

// carrier brings one collection level with another that goes on being written
// to: what is absent or of other content there is read, cut and embedded anew;
// what is gone is deleted. The chunks of a document concatenate to its text, so
// no source is needed.
type carrier struct {
	from store.Reader
	to   Target
	// since is when the target came into use; zero: it is not yet. From then on
	// its own writes remain, and only what was written to the source later still
	// is carried.
	// What was deleted there later goes too, unless the target has it anew since
	// flipped, when the first reader could go over.
	since, flipped time.Time

	// damaged is told of a document of the source that cannot be read, and it is
	// passed over; nil: it ends the run.
	damaged func(store.Damage)

	began time.Time // of the last pass
}

// A source that is written to all the time is never quite reached: after
// carryEnough passes, a last one of up to carryRest documents will do.
// carryPasses bounds them all.
const (
	carryPasses = 20
	carryEnough = 3
	carryRest   = 256
)

// run carries until a pass finds nothing to do, or little in a source that is
// being written to. A document that fails is reported, and not tried again in
// this run.
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
				return nil // the next pass sees that it is gone
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
			if c.since.IsZero() && known { // no other process writes there yet
				t.over = there.updated
			}
			times.set(id, t)
			// Where it was replaced since it was listed, the next pass sees that.
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

// newer reports whether what the source holds of a document is to be carried
// into a target that may be in use.
func (c *carrier) newer(source, target time.Time) bool {
	return c.since.IsZero() || source.After(c.since) && source.After(target)
}

// deleteGone deletes what only the target has; once that is in use, what is known
// to have been dropped from the source.
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
