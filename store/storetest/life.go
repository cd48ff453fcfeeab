package storetest

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"dalil/corpus"
	"dalil/store"
)

// living is an entry that is visible between two times from now on; 0: unbounded.
func (c *collection) living(id string, from, until time.Duration) store.Entry {
	e := entry(id, "1", 2)
	now := c.harness.Clock.Now().UTC().Truncate(time.Microsecond)
	if from != 0 {
		e.Document.VisibleFrom = now.Add(from)
	}
	if until != 0 {
		e.Document.ExpiresAt = now.Add(until)
	}
	return e
}

// shown lists the documents that a search and a read by id find, which must agree.
func (c *collection) shown(all []store.Entry) []string {
	c.Helper()
	var found []string
	for _, arm := range []store.ArmQuery{
		everything(corpus.Filter{}), everything(not(in(corpus.FieldDocumentID, "never"))),
		{Sparse: sparse(7, 1), Limit: 1000},
		{Dense: unit(3), Limit: 1000, IDs: idsOf(all)},
	} {
		var ids []string
		for _, h := range c.search(arm) {
			ids = append(ids, h.DocumentID)
		}
		slices.Sort(ids)
		ids = slices.Compact(ids)
		if found != nil && !slices.Equal(ids, found) {
			c.Errorf("one search finds %v, another %v", found, ids)
		}
		found = ids
	}
	var read []string
	for _, p := range c.chunks(store.WithText, idsOf(all)...) {
		read = append(read, p.Chunk.DocumentID)
	}
	slices.Sort(read)
	if read = slices.Compact(read); !slices.Equal(read, found) {
		c.Errorf("chunks are of %v, searches find %v", read, found)
	}
	return found
}

func idsOf(entries []store.Entry) (ids []corpus.ChunkID) {
	for _, e := range entries {
		for _, p := range e.Points {
			ids = append(ids, p.Chunk.ID)
		}
	}
	return ids
}

// Documents are found while they are visible only, whoever asks.
func lifetimes(c *collection) {
	c.create()
	all := []store.Entry{
		c.living("always", 0, 0), c.living("ends", 0, 30*time.Second), c.living("begins", 30*time.Second, 0),
		c.living("both", 20*time.Second, 40*time.Second), c.living("over", 0, -time.Second), c.living("long past", -time.Hour, 0),
	}
	for i := range all { // all share a term
		for j := range all[i].Points {
			all[i].Points[j].Sparse = sparse(7, float32(1+j))
		}
	}
	c.put(all...)
	want := func(when string, ids ...string) {
		c.Helper()
		if got := c.shown(all); !slices.Equal(got, ids) {
			c.Errorf("%s: found %v, want %v", when, got, ids)
		}
	}
	want("at first", "always", "ends", "long past")
	if points := c.chunks(store.WithHidden|store.WithText|store.WithDocument, idsOf(all)...); len(points) != 2*len(all) {
		c.Errorf("with the hidden ones %d chunks can be read, want %d", len(points), 2*len(all))
	} else {
		for _, p := range points {
			i := slices.IndexFunc(all, func(e store.Entry) bool { return e.Document.ID == p.Document.ID })
			if !p.Document.ExpiresAt.Equal(all[i].Document.ExpiresAt) || !p.Document.VisibleFrom.Equal(all[i].Document.VisibleFrom) {
				c.Errorf("document %q: visible %v to %v, want %v to %v", p.Document.ID, p.Document.VisibleFrom, p.Document.ExpiresAt,
					all[i].Document.VisibleFrom, all[i].Document.ExpiresAt)
			}
		}
	}
	if !c.harness.Forgets {
		c.reopen()
		want("after reopening", "always", "ends", "long past")
	}
	c.harness.Clock.Advance(25 * time.Second)
	want("after 25 s", "always", "both", "ends", "long past")
	c.harness.Clock.Advance(10 * time.Second)
	want("after 35 s", "always", "begins", "both", "long past")
	c.harness.Clock.Advance(10 * time.Second)
	want("after 45 s", "always", "begins", "long past")

	expired, err := c.Expired(c.ctx, 10)
	slices.Sort(expired)
	if err != nil || !slices.Equal(expired, []string{"both", "ends", "over"}) {
		c.Errorf("expired: %v, error %v, want both, ends and over", expired, err)
	}
	if some, err := c.Expired(c.ctx, 2); err != nil || len(some) != 2 {
		c.Errorf("two of the expired: %v, error %v", some, err)
	}
	held, err := c.Fingerprints(c.ctx, []string{"always", "begins", "ends"})
	if err != nil || len(held) != 2 || held["ends"] != "" {
		c.Errorf("fingerprints: %v, error %v, want those of always and begins", held, err)
	}
	// One of them is written anew before it is removed, and stays.
	again := c.living("ends", 0, time.Hour)
	again.Document.Title = "anew"
	for j := range again.Points {
		again.Points[j].Sparse = sparse(7, float32(1+j))
	}
	c.put(again)
	deletions := make([]corpus.Deletion, len(expired))
	for i, id := range append(expired, "always")[:len(expired)] {
		deletions[i] = corpus.Deletion{ID: id, Expired: true}
	}
	if err := c.DeleteIf(c.ctx, append(deletions, corpus.Deletion{ID: "always", Expired: true}, corpus.Deletion{ID: "never", Expired: true})); err != nil {
		c.Errorf("remove the expired: %v", err)
	}
	if rest, err := c.Expired(c.ctx, 10); err != nil || len(rest) != 0 {
		c.Errorf("still expired: %v, error %v", rest, err)
	}
	want("after the removal", "always", "begins", "ends", "long past")
	page, err := c.Documents(c.ctx, "", 10)
	if err != nil || len(page) != 4 {
		c.Errorf("%d documents are held, error %v, want 4", len(page), err)
	}
}

// Hidden passages do not take the places of others, however many there are.
func hiddenDoNotCrowd(c *collection) {
	c.create()
	var all []store.Entry
	for i := range 60 {
		e := c.living(fmt.Sprintf("d%02d", i), 0, 0)
		if i%10 > 0 {
			e.Document.VisibleFrom = c.harness.Clock.Now().UTC().Add(time.Minute).Truncate(time.Microsecond)
		}
		all = append(all, e)
	}
	c.put(all...)
	for range 2 {
		if hits := c.search(store.ArmQuery{Dense: unit(9), Limit: 12}); len(hits) != 12 {
			c.Errorf("%d hits, want the 12 that are visible: %v", len(hits), described(hits))
		}
	}
	c.harness.Clock.Advance(2 * time.Minute)
	if hits := c.search(store.ArmQuery{Dense: unit(9), Limit: 1000}); len(hits) != 120 {
		c.Errorf("%d hits once all are visible, want 120", len(hits))
	}
}

// Expired documents are removed by several at a time, as by several servers.
func expiryByMany(c *collection) {
	c.create()
	var all []store.Entry
	for i := range 40 {
		all = append(all, c.living(fmt.Sprintf("d%02d", i), 0, time.Duration(1+i%2*1000)*time.Second))
	}
	c.put(all...)
	c.harness.Clock.Advance(2 * time.Second)
	var sweepers sync.WaitGroup
	for range 3 {
		sweepers.Go(func() {
			for {
				ids, err := c.Expired(c.ctx, 7)
				if err != nil || len(ids) == 0 {
					if err != nil {
						c.Errorf("expired: %v", err)
					}
					return
				}
				deletions := make([]corpus.Deletion, len(ids))
				for i, id := range ids {
					deletions[i] = corpus.Deletion{ID: id, Expired: true}
				}
				if err := c.DeleteIf(c.ctx, deletions); err != nil {
					c.Errorf("remove: %v", err)
					return
				}
			}
		})
	}
	sweepers.Wait()
	if stats, err := c.Stats(c.ctx); err != nil || stats.Documents != 20 || stats.Passages != 40 {
		c.Errorf("left are %+v, error %v, want 20 documents and 40 passages", stats, err)
	}
}
