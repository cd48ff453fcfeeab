package reindex

import (
	"context"
	"sync"
	"time"

	"dalil/store"
)

// carryStore writes documents with the times that they have in the source
// collection, so that no carried document replaces one that was written to the
// target later.
type carryStore struct {
	store.Store
	carrier store.Carrier
	times   *carriedTimes
}

// Put writes the entries with their times in the source.
func (s carryStore) Put(ctx context.Context, entries []store.Entry) error {
	carried := make([]store.Carried, len(entries))
	for i := range entries {
		t := s.times.get(entries[i].Document.ID)
		carried[i] = store.Carried{Entry: entries[i], At: t.at, Over: t.over}
	}
	return s.carrier.Carry(ctx, carried)
}

// carriedTime has the time at which a document was written to the source, and the
// time of the version in the target that it may replace.
type carriedTime struct{ at, over time.Time }

// carriedTimes has the times of the documents that are being carried.
type carriedTimes struct {
	mu sync.Mutex
	of map[string]carriedTime
}

func (c *carriedTimes) set(id string, t carriedTime) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.of == nil {
		c.of = map[string]carriedTime{}
	}
	c.of[id] = t
}

// get removes and returns the times of a document.
func (c *carriedTimes) get(id string) carriedTime {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.of[id]
	delete(c.of, id)
	return t
}
