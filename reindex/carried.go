package reindex

import (
	"context"
	"sync"
	"time"

	"dalil/store"
)

// carryStore writes documents with the times that they have in the collection
// that they come from, so that none of them replaces what was written to the target
// later.
type carryStore struct {
	store.Store
	carrier store.Carrier
	times   *carriedTimes
}

// Put carries the entries over.
func (s carryStore) Put(ctx context.Context, entries []store.Entry) error {
	carried := make([]store.Carried, len(entries))
	for i := range entries {
		t := s.times.get(entries[i].Document.ID)
		carried[i] = store.Carried{Entry: entries[i], At: t.at, Over: t.over}
	}
	return s.carrier.Carry(ctx, carried)
}

// carriedTime is when a document was written to the source, and when what it may
// replace was written to the target.
type carriedTime struct{ at, over time.Time }

// carriedTimes are those of the documents under way.
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

// get takes the times of a document out.
func (c *carriedTimes) get(id string) carriedTime {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.of[id]
	delete(c.of, id)
	return t
}
