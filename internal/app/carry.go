package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"dalil/corpus"
	"dalil/indexer"
	"dalil/store"
)

// carrier brings one collection level with another that goes on being written
// to: what is absent or older there is read, cut and embedded anew; what is gone
// is deleted. The chunks of a document concatenate to its text, so no source is
// needed.
type carrier struct {
	from store.Reader
	to   *generation
	// since leaves alone what the target alone has and was written after it: the
	// target is in use already. Zero: all that the source lacks is deleted.
	since time.Time

	again map[string]bool // changed in the source while they were carried
}

// carryPasses bounds how often a source that is written to all the time is
// followed.
const carryPasses = 20

// run carries until a pass finds nothing to do. A document that fails is
// reported, and not tried again in this run.
func (c *carrier) run(ctx context.Context, report func(corpus.Receipt)) error {
	failed := map[string]bool{}
	for range carryPasses {
		n, err := c.pass(ctx, failed, report)
		if err != nil || n == 0 {
			return err
		}
	}
	return fmt.Errorf("%w: the source is written to faster than it is carried over; %d passes were not enough", corpus.ErrConflict, carryPasses)
}

// pass returns how many documents it wrote or deleted.
func (c *carrier) pass(ctx context.Context, failed map[string]bool, report func(corpus.Receipt)) (int, error) {
	held, err := updates(ctx, c.to.store)
	if err != nil {
		return 0, err
	}
	raws := make(chan corpus.Raw)
	listed := map[string]string{} // id → fingerprint, of what was carried
	var broken []string
	group, reading := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer close(raws)
		return each(reading, c.from, func(info store.DocumentInfo) error {
			id := info.Document.ID
			updated, known := held[id]
			delete(held, id)
			if failed[id] || known && updated.After(info.UpdatedAt) && !c.again[id] {
				return nil
			}
			whole, err := readDocument(reading, c.from, id, true)
			if errors.Is(err, corpus.ErrNotFound) {
				return nil // the next pass sees that it is gone
			}
			if err != nil {
				return err
			}
			listed[id] = info.Fingerprint
			if !send(reading, raws, corpus.Raw{Document: whole.Document}) {
				return reading.Err()
			}
			return nil
		})
	})
	group.Go(func() error {
		options := c.to.indexOptions
		options.Force = true
		return indexer.New(c.to.indexDeps, options).Run(reading, raws, func(_ int, r corpus.Receipt) {
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
		delete(listed, id)
	}
	return c.finish(ctx, listed, held, report)
}

// finish deletes what only the target has and looks which of the carried
// documents changed meanwhile.
func (c *carrier) finish(ctx context.Context, carried map[string]string, left map[string]time.Time, report func(corpus.Receipt)) (int, error) {
	var gone, ids []string
	for id, updated := range left {
		if c.since.IsZero() || updated.Before(c.since) {
			gone = append(gone, id)
		}
	}
	if len(gone) > 0 {
		if err := c.to.store.Delete(ctx, gone); err != nil {
			return 0, err
		}
		for _, id := range gone {
			report(corpus.Receipt{DocumentID: id, Outcome: corpus.Deleted})
		}
	}
	for id := range carried {
		ids = append(ids, id)
	}
	now, err := c.from.Fingerprints(ctx, ids)
	if err != nil {
		return 0, err
	}
	c.again = map[string]bool{}
	for id, fingerprint := range carried {
		if now[id] != fingerprint {
			c.again[id] = true
		}
	}
	return len(carried) + len(gone), nil
}

// each visits all documents of a collection.
func each(ctx context.Context, s store.Reader, visit func(store.DocumentInfo) error) error {
	for after := ""; ; {
		page, err := s.Documents(ctx, after, listPage)
		if err != nil {
			return fmt.Errorf("list documents: %w", err)
		}
		for _, info := range page {
			if err := visit(info); err != nil {
				return err
			}
		}
		if len(page) < listPage {
			return nil
		}
		after = page[len(page)-1].Document.ID
	}
}

const listPage = 1000

// updates tells when each document was written.
func updates(ctx context.Context, s store.Reader) (map[string]time.Time, error) {
	held := map[string]time.Time{}
	return held, each(ctx, s, func(info store.DocumentInfo) error {
		held[info.Document.ID] = info.UpdatedAt
		return nil
	})
}

// lag compares what two collections hold, by the time of each document's last
// write.
func lag(ctx context.Context, from, to store.Reader) (corpus.Lag, error) {
	var l corpus.Lag
	held, err := updates(ctx, to)
	if err != nil {
		return l, err
	}
	err = each(ctx, from, func(info store.DocumentInfo) error {
		updated, known := held[info.Document.ID]
		switch {
		case !known:
			l.Missing++
		case !updated.After(info.UpdatedAt):
			l.Older++
		}
		delete(held, info.Document.ID)
		return nil
	})
	l.Extra = len(held)
	return l, err
}
