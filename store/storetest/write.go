package storetest

import (
	"errors"
	"fmt"
	"math"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/store"
)

func createFirstWins(c *collection) {
	if _, err := c.Settings(c.ctx); !errors.Is(err, corpus.ErrNotReady) {
		c.Errorf("settings before create: got %v, want ErrNotReady", err)
	}
	held, err := c.Create(c.ctx, Settings())
	if err != nil {
		c.Fatalf("create: %v", err)
	}
	sameSettings(c.T, held, Settings())
	later := Settings()
	later.AverageLength, later.Probes, later.CreatedAt = 7, nil, later.CreatedAt.Add(time.Hour)
	held, err = c.Create(c.ctx, later)
	if err != nil {
		c.Fatalf("create again: %v", err)
	}
	sameSettings(c.T, held, Settings())
	if held, err = c.Settings(c.ctx); err != nil {
		c.Fatalf("settings: %v", err)
	}
	sameSettings(c.T, held, Settings())
	other := Settings()
	other.Pipeline.Model = "another"
	if _, err := c.Create(c.ctx, other); !errors.Is(err, corpus.ErrModelMismatch) {
		c.Errorf("create for another pipeline: got %v, want a mismatch", err)
	}
}

func sameSettings(t *testing.T, got, want store.Settings) {
	t.Helper()
	same := got.Pipeline == want.Pipeline && got.AverageLength == want.AverageLength && got.CreatedAt.Equal(want.CreatedAt) &&
		len(got.Probes) == len(want.Probes)
	for i := range want.Probes {
		same = same && equalVectors(got.Probes[i], want.Probes[i])
	}
	if !same {
		t.Errorf("settings: got %+v, want %+v", got, want)
	}
}

func putBeforeCreate(c *collection) {
	if err := c.Put(c.ctx, []store.Entry{entry("a", "1", 1)}); !errors.Is(err, corpus.ErrNotReady) {
		c.Errorf("put before create: got %v, want ErrNotReady", err)
	}
	c.create()
	c.put(entry("a", "1", 1))
}

func putReplaces(c *collection) {
	c.create()
	want := oracle{}
	other := entry("other", "1", 3)
	c.put(other)
	want.put(other)
	// Longer, shorter, the same revision again, another revision of one length.
	for _, e := range []store.Entry{
		entry("a", "1", 5), entry("a", "2", 9), entry("a", "3", 2), entry("a", "3", 2), entry("a", "4", 2), entry("a", "4", 1),
	} {
		before := want["a"]
		c.put(e)
		want.put(e)
		arm := store.ArmQuery{Dense: unit(3), Limit: 100}
		c.check(want, arm, c.search(arm))
		if before.Points != nil && before.Points[0].Chunk.Revision != e.Points[0].Chunk.Revision {
			for _, p := range before.Points {
				if left := c.chunks(store.WithText, p.Chunk.ID); len(left) != 0 {
					c.Fatalf("chunk %d of revision %s is still there after revision %s", p.Chunk.Ordinal, p.Chunk.Revision, e.Points[0].Chunk.Revision)
				}
			}
		}
		info, err := c.Document(c.ctx, "a")
		if err != nil || info.Chunks != len(e.Points) || info.Revision != e.Points[0].Chunk.Revision || info.Fingerprint != e.Fingerprint {
			c.Fatalf("document: got %+v, %v", info, err)
		}
	}
	if left := c.chunks(0, corpus.NewChunkID("a", "4", 1)); len(left) != 0 {
		c.Errorf("the second chunk of a document that shrank within one revision is still there")
	}
}

func putTwiceInOne(c *collection) {
	c.create()
	first, second := entry("a", "1", 3), entry("a", "2", 2)
	b := entry("b", "1", 1)
	c.put(first, b, second)
	want := oracle{}
	want.put(b, second)
	c.check(want, everything(corpus.Filter{}), c.search(everything(corpus.Filter{})))
}

func documentWithoutPoints(c *collection) {
	c.create()
	c.put(entry("a", "1", 2))
	c.put(entry("a", "2", 0), entry("b", "1", 1))
	if hits := c.search(everything(in(corpus.FieldDocumentID, "a"))); len(hits) != 0 {
		c.Errorf("a document without points is found: %v", described(hits))
	}
	all, err := c.Documents(c.ctx, "", 10)
	if err != nil || len(all) != 2 || all[0].Document.ID != "a" || all[0].Chunks != 0 {
		c.Errorf("listing: got %+v, %v, want a (no chunks) and b", all, err)
	}
	if got, err := c.Fingerprints(c.ctx, []string{"a"}); err != nil || got["a"] != "fp-a-2" {
		c.Errorf("fingerprints: got %v, %v", got, err)
	}
	counted, err := c.Stats(c.ctx)
	if err != nil || counted.Documents != 2 || counted.Passages != 1 {
		c.Errorf("stats: got %+v, %v, want 2 documents and 1 passage", counted, err)
	}
}

func deleteTwice(c *collection) {
	c.create()
	c.delete("never")
	c.put(entry("a", "1", 2), entry("b", "1", 1))
	c.delete("a")
	c.delete("a", "a", "never")
	c.delete()
	if hits := c.search(everything(corpus.Filter{})); len(hits) != 1 || hits[0].DocumentID != "b" {
		c.Errorf("after delete: got %v, want b alone", described(hits))
	}
	if _, err := c.Document(c.ctx, "a"); !errors.Is(err, corpus.ErrNotFound) {
		c.Errorf("document after delete: got %v, want ErrNotFound", err)
	}
	c.put(entry("a", "1", 2)) // the same revision comes back
	if hits := c.search(everything(in(corpus.FieldDocumentID, "a"))); len(hits) != 2 {
		c.Errorf("after it was put again: got %v, want two passages", described(hits))
	}
}

func badPoints(c *collection) {
	c.create()
	kept := entry("kept", "1", 1)
	c.put(kept)
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	spoil := map[string]func(e *store.Entry){
		"no document id":           func(e *store.Entry) { e.Document.ID = "" },
		"dense too narrow":         func(e *store.Entry) { e.Points[1].Dense = e.Points[1].Dense[1:] },
		"dense too wide":           func(e *store.Entry) { e.Points[1].Dense = append(e.Points[1].Dense, 0) },
		"no dense":                 func(e *store.Entry) { e.Points[1].Dense = nil },
		"dense not a number":       func(e *store.Entry) { e.Points[1].Dense[3] = nan },
		"dense infinite":           func(e *store.Entry) { e.Points[1].Dense[3] = inf },
		"sparse not a number":      func(e *store.Entry) { e.Points[1].Sparse = sparse(1, nan) },
		"sparse infinite":          func(e *store.Entry) { e.Points[1].Sparse = sparse(1, inf) },
		"sparse falls":             func(e *store.Entry) { e.Points[1].Sparse = sparse(9, 1, 3, 1) },
		"sparse repeats":           func(e *store.Entry) { e.Points[1].Sparse = sparse(9, 1, 9, 1) },
		"sparse weights missing":   func(e *store.Entry) { e.Points[1].Sparse.Weights = nil },
		"of another document":      func(e *store.Entry) { e.Points[1].Chunk.DocumentID = "kept" },
		"of another revision":      func(e *store.Entry) { e.Points[1].Chunk.Revision = "0" },
		"an id that does not suit": func(e *store.Entry) { e.Points[1].Chunk.ID = kept.Points[0].Chunk.ID },
		"ordinals with a gap": func(e *store.Entry) {
			e.Points[1].Chunk.Ordinal = 7
			e.Points[1].Chunk.ID = corpus.NewChunkID("new", "1", 7)
		},
	}
	for name, f := range spoil {
		e := entry("new", "1", 2)
		f(&e)
		if err := c.Put(c.ctx, []store.Entry{e}); !errors.Is(err, corpus.ErrInvalid) {
			c.Errorf("%s: got %v, want ErrInvalid", name, err)
		}
	}
	if hits := c.search(everything(corpus.Filter{})); len(hits) != 1 || hits[0].ID != kept.Points[0].Chunk.ID {
		c.Errorf("after refusals: got %v, want what was there before", described(hits))
	}
}

func aliasing(c *collection) {
	c.create()
	e, want := entry("a", "1", 2), entry("a", "1", 2)
	e.Document.Tags, e.Document.Metadata = []string{"kept"}, values("k", "kept")
	c.put(e)
	for i := range e.Points {
		clear(e.Points[i].Dense)
		clear(e.Points[i].Sparse.Dimensions)
		clear(e.Points[i].Sparse.Weights)
	}
	e.Document.Tags[0], e.Document.Metadata["k"] = "lost", corpus.String("lost")
	model := oracle{}
	model.put(want)
	arm := store.ArmQuery{Dense: unit(5), Limit: 5}
	c.check(model, arm, c.search(arm))
	for range 2 { // what a caller does to an answer must not reach the next
		points := c.chunks(store.WithDocument|store.WithDense|store.WithSparse, want.Points[0].Chunk.ID, want.Points[1].Chunk.ID)
		if len(points) != 2 || points[0].Document.Tags[0] != "kept" || points[0].Document.Metadata["k"].Text() != "kept" ||
			!equalVectors(points[0].Dense, want.Points[0].Dense) {
			c.Fatalf("the store shares memory with its callers: %+v", points)
		}
		points[0].Document.Tags[0], points[0].Document.Metadata["k"] = "lost", corpus.String("lost")
		points[0].Document.Title = "lost"
		clear(points[0].Dense)
	}
}

func hostileStrings(c *collection) {
	c.create()
	want := oracle{}
	for i, id := range []string{
		"a'; DROP TABLE documents; --", "%", "_", "نص عربي/مقال", "a\x00b", "e\u0301", "\u00e9", "🜁", " ", "\"quoted\"", "a/../b", "-- x",
	} {
		e := entry(id, fmt.Sprintf("r'%d", i), 2)
		e.Document.Title, e.Document.Author = id, id
		e.Document.Metadata = values(id, id, "", "empty key", "k", "")
		e.Document.Tags = []string{id, ""}
		e.Points[0].Chunk.Text = "\u200f" + id + "\n\t\x00"
		c.put(e)
		want.put(e)
		for _, f := range []corpus.Filter{
			in(corpus.FieldDocumentID, id), in(corpus.FieldAuthor, id), in(corpus.FieldTag, id),
			{Metadata: &corpus.MetadataMatch{Key: id, Values: []corpus.Value{corpus.String(id)}}},
		} {
			c.check(want, everything(f), c.search(everything(f)))
		}
		points := c.chunks(store.WithText|store.WithDocument, e.Points[0].Chunk.ID)
		if len(points) != 1 || points[0].Chunk.Text != e.Points[0].Chunk.Text || points[0].Document.Title != id || points[0].Document.Metadata[id].Text() != id {
			c.Errorf("%q: got %+v", id, points)
		}
	}
	if all, err := c.Documents(c.ctx, "", 100); err != nil || len(all) != len(want) {
		c.Errorf("listing: %d documents, %v, want %d", len(all), err, len(want))
	}
}
