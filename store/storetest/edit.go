package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"dalil/corpus"
	"dalil/store"
)

// edited returns the edit of an entry to the tag and the metadata of n.
func edited(e store.Entry, n string) store.Edit {
	d := e.Document.Clone()
	d.Tags, d.Metadata, d.Author = []string{"tag-" + n}, map[string]corpus.Value{"kind": corpus.String(n), "n-" + n: corpus.Number(3)}, "author "+n
	return store.Edit{Document: d, Content: "edited" + n, If: corpus.Condition{ETag: etagOf(e)}}
}

func tagged(n string) corpus.Filter {
	return corpus.Filter{In: &corpus.In{Field: corpus.FieldTag, Values: []string{"tag-" + n}}}
}

func (c *collection) edit(e store.Edit) error {
	return store.EditDocument(c.ctx, c.Store, e)
}

// An edit changes every field and keeps the passages.
func edits(c *collection) {
	c.create()
	e := versioned("a", "1", 3)
	e.Document.Metadata = map[string]corpus.Value{"old": corpus.Number(1), "when": corpus.String("2024-05-01")}
	e.Document.PublishedAt = time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC)
	other := entry("b", "1", 2)
	c.put(e, other)
	ids := []corpus.ChunkID{e.Points[0].Chunk.ID, e.Points[1].Chunk.ID}
	before := c.chunks(store.WithText|store.WithDense|store.WithSparse, ids...)
	edit := edited(e, "x")
	edit.Document.PublishedAt = time.Time{}
	if err := c.edit(edit); err != nil {
		c.Fatalf("edit: %v", err)
	}
	info, err := c.Document(c.ctx, "a")
	if err != nil || info.Revision != "1" || info.Document.ETag != "editedx" || info.Chunks != 2 || info.Document.SourceVersion == nil || *info.Document.SourceVersion != 3 {
		c.Errorf("after the edit: %+v, error %v", info, err)
	}
	if d := info.Document; !slices.Equal(d.Tags, []string{"tag-x"}) || d.Author != "author x" || len(d.Metadata) != 2 || d.Metadata["kind"].Text() != "x" || !d.PublishedAt.IsZero() {
		c.Errorf("the fields after the edit: %+v", d)
	}
	after := c.chunks(store.WithText|store.WithDense|store.WithSparse|store.WithDocument, ids...)
	if len(after) != 2 {
		c.Fatalf("%d passages after the edit, want 2", len(after))
	}
	for i, p := range after {
		if p.Chunk.ID != before[i].Chunk.ID || p.Chunk.Text != before[i].Chunk.Text || !slices.Equal(p.Dense, before[i].Dense) || !slices.Equal(p.Sparse.Weights, before[i].Sparse.Weights) {
			c.Errorf("passage %d: %+v, before %+v", i, p, before[i])
		}
		if p.Document.ETag != "editedx" || p.Document.Author != "author x" {
			c.Errorf("passage %d has the document %+v", i, p.Document)
		}
	}
	for name, test := range map[string]struct {
		filter corpus.Filter
		want   int
	}{
		"the new tag":          {tagged("x"), 2},
		"the old metadata":     {corpus.Filter{Metadata: &corpus.MetadataMatch{Key: "old"}}, 0},
		"a number of before":   {corpus.Filter{Metadata: &corpus.MetadataMatch{Key: "old", Min: new(float64)}}, 0},
		"a new number":         {corpus.Filter{Metadata: &corpus.MetadataMatch{Key: "n-x", Min: new(float64)}}, 2},
		"the date of before":   {corpus.Filter{Published: &corpus.Published{From: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)}}, 0},
		"the author":           {corpus.Filter{In: &corpus.In{Field: corpus.FieldAuthor, Values: []string{"author x"}}}, 2},
		"the old moment":       {corpus.Filter{Metadata: &corpus.MetadataMatch{Key: "when", From: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)}}, 0},
		"an unedited document": {corpus.Filter{In: &corpus.In{Field: corpus.FieldDocumentID, Values: []string{"b"}}}, 2},
	} {
		if hits := c.search(everything(test.filter)); len(hits) != test.want {
			c.Errorf("%s: %d hits, want %d: %q", name, len(hits), test.want, described(hits))
		}
	}
	// Conditions, versions and what does not exist.
	var unmet *corpus.ConditionError
	if err := c.edit(edit); !errors.As(err, &unmet) {
		c.Errorf("an edit of another etag: %v", err)
	}
	edit.If.ETag = "editedx"
	edit.Document.SourceVersion = new(int64)
	var stale *corpus.StaleError
	if err := c.edit(edit); !errors.As(err, &stale) || stale.Held != 3 {
		c.Errorf("an older version: %v", err)
	}
	missing := edited(entry("none", "1", 1), "x")
	missing.If = corpus.Condition{}
	if err := c.edit(missing); !errors.Is(err, corpus.ErrNotFound) {
		c.Errorf("a document that does not exist: %v", err)
	}
	// The document is written again and deleted as any other.
	c.put(versioned("a", "2", 4))
	c.holds("after a put", "a", "2")
	if hits := c.search(everything(tagged("x"))); len(hits) != 0 {
		c.Errorf("after a put, %d passages have the edited tag", len(hits))
	}
	c.delete("a")
	c.holds("after a deletion", "a", "")
	c.reopen()
	c.holds("after reopening", "b", "1")
}

// An edit of the times hides and shows a document at once.
func editsOfLife(c *collection) {
	c.create()
	c.put(entry("a", "1", 2), entry("b", "1", 2))
	found := func() int { return len(c.search(everything(corpus.Filter{}))) }
	if n := found(); n != 4 {
		c.Fatalf("%d hits, want 4", n)
	}
	edit := store.Edit{Document: entry("a", "1", 2).Document, Content: "hidden"}
	edit.Document.VisibleFrom = c.harness.Clock.Now().Add(time.Hour).Truncate(time.Microsecond)
	if err := c.edit(edit); err != nil {
		c.Fatal(err)
	}
	if n := found(); n != 2 {
		c.Errorf("%d hits of a hidden document and another, want 2", n)
	}
	edit.Document.VisibleFrom, edit.Content = time.Time{}, "shown"
	if err := c.edit(edit); err != nil {
		c.Fatal(err)
	}
	if n := found(); n != 4 {
		c.Errorf("%d hits of shown documents, want 4", n)
	}
	edit.Document.ExpiresAt, edit.Content = c.harness.Clock.Now().Add(-time.Hour).Truncate(time.Microsecond), "expired"
	if err := c.edit(edit); err != nil {
		c.Fatal(err)
	}
	if n := found(); n != 2 {
		c.Errorf("%d hits of an expired document and another, want 2", n)
	}
	if err := c.edit(edit); !errors.Is(err, corpus.ErrNotFound) {
		c.Errorf("an edit of an expired document: %v", err)
	}
}

// Of several writers that edit the same version one succeeds. Readers always get all
// passages, with the same fields in each of them.
func contestedEdits(c *collection) {
	c.create()
	e := entry("a", "1", 3)
	e.Fingerprint = store.Fingerprint("start", Pipeline())
	c.put(e)
	const writers, rounds = 4, 12
	stop := make(chan struct{})
	var reading, writing sync.WaitGroup
	ids := make([]corpus.ChunkID, len(e.Points))
	for i := range ids {
		ids[i] = e.Points[i].Chunk.ID
	}
	for range 2 {
		reading.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				points, err := c.Chunks(c.ctx, ids, store.WithDocument|store.WithText)
				if err != nil || len(points) != len(ids) {
					c.Errorf("%d passages of %d, error %v", len(points), len(ids), err)
					return
				}
				for _, p := range points {
					if d := p.Document; d.ETag != points[0].Document.ETag || d.ETag != "start" && "edited"+d.Metadata["kind"].Text() != d.ETag || d.ETag != "start" && d.Author != "author "+d.Metadata["kind"].Text() {
						c.Errorf("a mixed document: %+v", d)
						return
					}
				}
				if hits, err := c.Search(c.ctx, []store.ArmQuery{everything(corpus.Filter{})}); err != nil || len(hits[0]) != len(ids) {
					c.Errorf("%d hits, error %v", len(hits[0]), err)
					return
				}
			}
		})
	}
	won := make(chan string, writers*rounds)
	for w := range writers {
		writing.Go(func() {
			for r := range rounds {
				info, err := c.Document(c.ctx, "a")
				if err != nil {
					c.Error(err)
					return
				}
				from := entry("a", "1", 3)
				from.Fingerprint = store.Fingerprint(info.Document.ETag, Pipeline())
				n := fmt.Sprintf("%d.%d", w, r)
				err = c.edit(edited(from, n))
				var unmet *corpus.ConditionError
				switch {
				case err == nil:
					won <- info.Document.ETag + ">" + n
				case !errors.As(err, &unmet):
					c.Errorf("edit %s: %v", n, err)
				}
			}
		})
	}
	writing.Wait()
	close(stop)
	reading.Wait()
	close(won)
	from := map[string]int{}
	for w := range won {
		etag, _, _ := strings.Cut(w, ">")
		if from[etag]++; from[etag] > 1 {
			c.Errorf("two edits of the version %s succeeded", etag)
		}
	}
	info, err := c.Document(c.ctx, "a")
	if err != nil {
		c.Fatal(err)
	}
	if hits := c.search(everything(tagged(info.Document.Metadata["kind"].Text()))); len(hits) != len(ids) {
		c.Errorf("%d hits by the last tag, want %d", len(hits), len(ids))
	}
	if all := c.search(everything(corpus.Filter{Not: &corpus.Filter{In: &corpus.In{Field: corpus.FieldTag, Values: []string{"tag-" + info.Document.Metadata["kind"].Text()}}}})); len(all) != 0 {
		c.Errorf("%d passages have other fields than their document", len(all))
	}
}

// A mark of a write is reached when the write is acknowledged, and marks do not go back.
func marks(c *collection) {
	if m := store.MarkOf(c.Store); !m.IsZero() {
		c.Errorf("an empty store has the mark %+v", m)
	}
	c.create()
	last := store.MarkOf(c.Store)
	for i := range 3 {
		c.put(entry("a", fmt.Sprint(i), 1))
		m := store.MarkOf(c.Store)
		if m.IsZero() || m.Collection != last.Collection || m.Sequence < last.Sequence {
			c.Errorf("mark %+v after %+v", m, last)
		}
		last = m
	}
	c.reopen()
	if m := store.MarkOf(c.Store); m.Collection != last.Collection || m.Sequence < last.Sequence {
		c.Errorf("mark %+v after reopening, %+v before", m, last)
	}
}
