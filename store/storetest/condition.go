package storetest

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"dalil/corpus"
	"dalil/store"
)

// versioned is an entry of a source version; its content follows from revision.
func versioned(id, revision string, version int64) store.Entry {
	e := entry(id, revision, 2)
	e.Fingerprint = store.Fingerprint("content"+revision, Pipeline())
	e.Document.SourceVersion = &version
	return e
}

func etagOf(e store.Entry) string { return store.Content(e.Fingerprint) }

// holds fails the test unless a document is held with a revision; "": not at all.
func (c *collection) holds(when, id, revision string) {
	c.Helper()
	info, err := c.Document(c.ctx, id)
	switch {
	case revision == "" && errors.Is(err, corpus.ErrNotFound):
	case err != nil || info.Revision != revision:
		c.Errorf("%s: %q is held with revision %q, error %v, want %q", when, id, info.Revision, err, revision)
	}
}

func etags(c *collection) {
	c.create()
	e := versioned("a", "1", 3)
	e.Document.SourceVersion = nil
	c.put(e)
	info, err := c.Document(c.ctx, "a")
	page, pageErr := c.Documents(c.ctx, "", 1)
	points := c.chunks(store.WithDocument, e.Points[0].Chunk.ID)
	if err != nil || pageErr != nil || len(page) != 1 || len(points) != 1 {
		c.Fatalf("errors %v, %v, %d documents, %d points", err, pageErr, len(page), len(points))
	}
	for where, d := range map[string]*corpus.Document{"document": &info.Document, "listing": &page[0].Document, "passage": points[0].Document} {
		if d.ETag != "content1" || d.SourceVersion != nil {
			c.Errorf("%s: etag %q, version %v, want content1 and none", where, d.ETag, d.SourceVersion)
		}
	}
}

func conditions(c *collection) {
	c.create()
	try := func(name string, e store.Entry, condition corpus.Condition, ok bool) {
		c.Helper()
		e.If = condition
		err := c.Put(c.ctx, []store.Entry{e})
		var unmet *corpus.ConditionError
		if ok && err != nil || !ok && (!errors.As(err, &unmet) || !errors.Is(err, corpus.ErrConflict)) {
			c.Errorf("%s: error %v", name, err)
		}
	}
	first, second, third := entry("a", "1", 2), entry("a", "2", 3), entry("a", "3", 1)
	for i, e := range []*store.Entry{&first, &second, &third} {
		e.Fingerprint = store.Fingerprint(fmt.Sprint("content", i+1), Pipeline())
	}
	try("any, of none", first, corpus.Condition{ETag: corpus.AnyETag}, false)
	try("an etag, of none", first, corpus.Condition{ETag: "content1"}, false)
	c.holds("refused", "a", "")
	try("absent, of none", first, corpus.Condition{Absent: true}, true)
	try("absent, of one", second, corpus.Condition{Absent: true}, false)
	try("another etag", second, corpus.Condition{ETag: "content2"}, false)
	c.holds("refused", "a", "1")
	try("the etag", second, corpus.Condition{ETag: "content1"}, true)
	try("the etag before", third, corpus.Condition{ETag: "content1"}, false)
	try("any", third, corpus.Condition{ETag: corpus.AnyETag}, true)
	c.holds("at last", "a", "3")

	// In one call, each stands alone.
	refused, written := first, entry("b", "1", 1)
	refused.If = corpus.Condition{ETag: "content1"}
	err := c.Put(c.ctx, []store.Entry{refused, written})
	var some *store.PutError
	if !errors.As(err, &some) || len(some.Failed) != 1 || !errors.Is(some.Failed["a"], corpus.ErrConflict) {
		c.Errorf("one of two: error %v, want that of a", err)
	}
	c.holds("one of two", "a", "3")
	c.holds("one of two", "b", "1")

	remove := func(name string, d corpus.Deletion, ok bool) {
		c.Helper()
		if err := c.DeleteIf(c.ctx, []corpus.Deletion{d}); ok && err != nil || !ok && !errors.Is(err, corpus.ErrConflict) {
			c.Errorf("%s: error %v", name, err)
		}
	}
	remove("another etag", corpus.Deletion{ID: "a", If: corpus.Condition{ETag: "content1"}}, false)
	c.holds("not deleted", "a", "3")
	remove("the etag", corpus.Deletion{ID: "a", If: corpus.Condition{ETag: "content3"}}, true)
	c.holds("deleted", "a", "")
	remove("of none", corpus.Deletion{ID: "a", If: corpus.Condition{ETag: corpus.AnyETag}}, false)
	remove("of none, whatever is there", corpus.Deletion{ID: "a"}, true)
	try("absent, after the deletion", first, corpus.Condition{Absent: true}, true)
	c.holds("written anew", "a", "1")

	// What has expired is not there.
	gone := c.living("e", 0, -time.Second)
	c.put(gone)
	fresh := entry("e", "2", 1)
	try("any, of an expired one", fresh, corpus.Condition{ETag: corpus.AnyETag}, false)
	try("absent, of an expired one", fresh, corpus.Condition{Absent: true}, true)
	c.holds("after the expired one", "e", "2")
}

func sourceVersions(c *collection) {
	c.create()
	try := func(name string, e store.Entry, ok bool) {
		c.Helper()
		err := c.Put(c.ctx, []store.Entry{e})
		var stale *corpus.StaleError
		if ok && err != nil || !ok && (!errors.As(err, &stale) || !errors.Is(err, corpus.ErrStale)) {
			c.Errorf("%s: error %v", name, err)
		}
	}
	version := func(id string, want int64) {
		c.Helper()
		versions, err := c.Versions(c.ctx, []string{id, "never"})
		if got, held := versions[id]; err != nil || held != (want != 0) || got != want || len(versions) > 1 {
			c.Errorf("versions: %v, error %v, want %d of %s", versions, err, want, id)
		}
	}
	version("a", 0)
	try("the first", versioned("a", "5", 5), true)
	version("a", 5)
	try("an older one", versioned("a", "4", 4), false)
	try("a newer one", versioned("a", "6", 1<<62), true)
	version("a", 1<<62)
	try("one older by one", versioned("a", "7", 1<<62-1), false)
	try("the same one, other content", versioned("a", "8", 1<<62), true)
	c.holds("at last", "a", "8")
	if info, err := c.Document(c.ctx, "a"); err != nil || info.Document.SourceVersion == nil || *info.Document.SourceVersion != 1<<62 {
		c.Errorf("document: %+v, error %v", info.Document, err)
	}
	if !c.harness.Forgets {
		c.reopen()
		version("a", 1<<62)
	}
	c.put(entry("a", "9", 1)) // a write without a version
	version("a", 0)
	try("any, after a write without", versioned("a", "1", 1), true)

	remove := func(name string, d corpus.Deletion, ok bool) {
		c.Helper()
		if err := c.DeleteIf(c.ctx, []corpus.Deletion{d}); ok && err != nil || !ok && !errors.Is(err, corpus.ErrStale) {
			c.Errorf("%s: error %v", name, err)
		}
	}
	try("for the deletions", versioned("a", "10", 10), true)
	remove("an older deletion", corpus.Deletion{ID: "a", SourceVersion: pointer(int64(9))}, false)
	c.holds("not deleted", "a", "10")
	remove("a newer deletion", corpus.Deletion{ID: "a", SourceVersion: pointer(int64(12))}, true)
	c.holds("deleted", "a", "")
	version("a", 12)
	try("older than the deletion", versioned("a", "11", 11), false)
	remove("an older deletion of what is gone", corpus.Deletion{ID: "a", SourceVersion: pointer(int64(11))}, false)
	remove("a newer deletion of what is gone", corpus.Deletion{ID: "a", SourceVersion: pointer(int64(13))}, true)
	version("a", 13)
	try("newer than the deletion", versioned("a", "14", 14), true)
	c.delete("a") // remembers what was held
	version("a", 14)
	if !c.harness.Forgets {
		c.reopen()
	}
	try("older than what was deleted", versioned("a", "13", 13), false)
	remove("a deletion of what never was", corpus.Deletion{ID: "b", SourceVersion: pointer(int64(3))}, true)
	// A restricted caller must not block an id for others.
	try("older than that deletion", versioned("b", "2", 2), c.harness.restricted)
	try("newer than that deletion", versioned("b", "3", 3), true)
	c.holds("at last", "a", "")
	c.holds("at last", "b", "3")
}

// Of several writers that expect one state one wins.
func contestedConditions(c *collection) {
	c.create()
	const writers, rounds = 4, 12
	etag := ""
	for round := range rounds {
		var won atomic.Int32
		var next atomic.Pointer[store.Entry]
		var racing sync.WaitGroup
		for writer := range writers {
			racing.Go(func() {
				e := entry("a", fmt.Sprintf("%d-%d", round, writer), 1+writer)
				e.Fingerprint = store.Fingerprint(fmt.Sprintf("content%d.%d", round, writer), Pipeline())
				e.If = corpus.Condition{ETag: etag, Absent: etag == ""}
				switch err := c.Put(c.ctx, []store.Entry{e}); {
				case err == nil:
					won.Add(1)
					next.Store(&e)
				case !errors.Is(err, corpus.ErrConflict):
					c.Errorf("round %d: %v", round, err)
				}
			})
		}
		racing.Wait()
		if won.Load() != 1 {
			c.Fatalf("round %d: %d writers of %d won, want 1", round, won.Load(), writers)
		}
		e := next.Load()
		c.holds(fmt.Sprint("round ", round), "a", e.Points[0].Chunk.Revision)
		want := oracle{}
		want.put(*e)
		c.check(want, everything(corpus.Filter{}), c.search(everything(corpus.Filter{})))
		etag = etagOf(*e)
	}
	// A deletion and a write race for one state too.
	var won atomic.Int32
	var racing sync.WaitGroup
	for i := range writers {
		racing.Go(func() {
			var err error
			if i%2 == 0 {
				err = c.DeleteIf(c.ctx, []corpus.Deletion{{ID: "a", If: corpus.Condition{ETag: etag}}})
			} else {
				e := entry("a", fmt.Sprint("last", i), 1)
				e.If = corpus.Condition{ETag: etag}
				err = c.Put(c.ctx, []store.Entry{e})
			}
			if err == nil {
				won.Add(1)
			} else if !errors.Is(err, corpus.ErrConflict) {
				c.Errorf("writer %d: %v", i, err)
			}
		})
	}
	racing.Wait()
	if won.Load() != 1 {
		c.Errorf("%d of %d won, want 1", won.Load(), writers)
	}
}

// Whatever the order of arrival, the newest version stays.
func contestedVersions(c *collection) {
	c.create()
	const writers, each = 4, 10
	var racing sync.WaitGroup
	for writer := range writers {
		racing.Go(func() {
			for i := range each {
				version := int64(1 + i*writers + writer)
				err := c.Put(c.ctx, []store.Entry{versioned("a", fmt.Sprint(version), version)})
				if err != nil && !errors.Is(err, corpus.ErrStale) {
					c.Errorf("version %d: %v", version, err)
				}
			}
		})
	}
	racing.Wait()
	c.holds("at last", "a", fmt.Sprint(writers*each))
}
