package storetest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"dalil/corpus"
	"dalil/store"
)

func emptyStore(c *collection) {
	for _, created := range []bool{false, true} {
		if created {
			c.create()
		}
		for _, arm := range []store.ArmQuery{{Dense: unit(1), Limit: 5}, {Sparse: sparse(1, 1), Limit: 5}, {Sparse: sparse(), Limit: 5}} {
			if hits := c.search(arm); len(hits) != 0 {
				c.Errorf("an empty store finds %v", described(hits))
			}
		}
		if found, err := c.Search(c.ctx, []store.ArmQuery{{Dense: unit(1), Limit: 5, Union: true}, {Sparse: sparse(1, 1), Limit: 5, Union: true}}); err != nil || len(found) != 2 {
			c.Errorf("a union of an empty store: %v, %v", found, err)
		}
		if points := c.chunks(store.WithText, corpus.NewChunkID("a", "1", 0)); len(points) != 0 {
			c.Errorf("an empty store has chunks: %v", points)
		}
		if all, err := c.Documents(c.ctx, "", 5); err != nil || len(all) != 0 {
			c.Errorf("documents of an empty store: %v, %v", all, err)
		}
		if held, err := c.Fingerprints(c.ctx, []string{"a"}); err != nil || len(held) != 0 {
			c.Errorf("fingerprints of an empty store: %v, %v", held, err)
		}
		if v, err := c.Vocabulary(c.ctx); err != nil || v.Passages() != 0 || v.Frequency(1) != 0 {
			c.Errorf("vocabulary of an empty store: %v, %v", v, err)
		}
		if s, err := c.Stats(c.ctx); err != nil || s.Documents+s.Passages+s.Terms != 0 {
			c.Errorf("stats of an empty store: %+v, %v", s, err)
		}
		if err := c.Ready(c.ctx); err != nil {
			c.Errorf("ready: %v", err)
		}
	}
	if found, err := c.Search(c.ctx, nil); err != nil || len(found) != 0 {
		c.Errorf("no arms: got %v, %v", found, err)
	}
}

func roundTrip(c *collection) {
	c.create()
	e := entry("مقال/1", "rev-9", 3)
	e.Document.Tags = []string{"b", "a", "اقتصاد"}
	e.Document.Metadata = values("desk", "الشرق", "n", 7, "exact", 1<<53, "odd", 1<<53-1, "third", 1.0/3, "sum", 0.30000000000000004, "least", 5e-324, "largest", math.MaxFloat64, "small", -2.5e-7, "yes", true, "no", false, "seven", "7", "list", list("", "أ", "a"), "none", list())
	e.Document.Text = "is ignored"
	c.put(e)
	for _, with := range []store.Fields{
		0, store.WithText, store.WithDocument, store.WithDense, store.WithSparse,
		store.WithText | store.WithDocument | store.WithDense | store.WithSparse,
	} {
		points := c.chunks(with, e.Points[0].Chunk.ID, e.Points[1].Chunk.ID, e.Points[2].Chunk.ID)
		if len(points) != 3 {
			c.Fatalf("fields %b: %d points, want 3", with, len(points))
		}
		for i, got := range points {
			samePoint(c.T, with, got, e.Points[i], &e.Document)
		}
	}
	info, err := c.Document(c.ctx, e.Document.ID)
	if err != nil {
		c.Fatal(err)
	}
	sameDocument(c.T, info.Document, e.Document)
	if info.Fingerprint != e.Fingerprint || info.Revision != "rev-9" || info.Chunks != 3 || info.UpdatedAt.IsZero() {
		c.Errorf("document: got %+v", info)
	}
}

func samePoint(t *testing.T, with store.Fields, got, want store.Point, document *corpus.Document) {
	t.Helper()
	chunk := want.Chunk
	if with&store.WithText == 0 {
		chunk.Text, chunk.Headings = "", nil
	}
	if !reflect.DeepEqual(got.Chunk, chunk) {
		t.Errorf("fields %b, chunk: got %+v, want %+v", with, got.Chunk, chunk)
	}
	if wanted := with&store.WithDocument != 0; wanted != (got.Document != nil) {
		t.Errorf("fields %b: document is %v", with, got.Document)
	} else if wanted {
		sameDocument(t, *got.Document, *document)
	}
	switch {
	case with&store.WithDense == 0 && got.Dense != nil:
		t.Errorf("fields %b: a dense vector that was not asked for", with)
	case with&store.WithDense != 0 && !equalVectors(got.Dense, want.Dense):
		t.Errorf("fields %b, dense: got %v, want %v", with, got.Dense, want.Dense)
	}
	switch same := slices.Equal(got.Sparse.Dimensions, want.Sparse.Dimensions) && slices.Equal(got.Sparse.Weights, want.Sparse.Weights); {
	case with&store.WithSparse == 0 && got.Sparse.Len() > 0:
		t.Errorf("fields %b: a sparse vector that was not asked for", with)
	case with&store.WithSparse != 0 && !same:
		t.Errorf("fields %b, sparse: got %v, want %v", with, got.Sparse, want.Sparse)
	}
}

// equalVectors allows what a store loses that keeps vectors normalised.
func equalVectors(got, want corpus.Vector) bool {
	return slices.EqualFunc(got, want, func(a, b float32) bool { return math.Abs(float64(a-b)) <= 1e-6 })
}

func sameDocument(t *testing.T, got, want corpus.Document) {
	t.Helper()
	same := got.ID == want.ID && got.Title == want.Title && got.Text == "" && got.URL == want.URL && got.Source == want.Source &&
		got.Language == want.Language && got.Author == want.Author && slices.Equal(got.Tags, want.Tags) &&
		got.PublishedAt.Equal(want.PublishedAt) && len(got.Metadata) == len(want.Metadata)
	for k, v := range want.Metadata {
		held, ok := got.Metadata[k]
		same = same && ok && held.Equal(v)
	}
	if !same {
		t.Errorf("document: got %+v, want %+v without text", got, want)
	}
}

func chunksInOrder(c *collection) {
	c.create()
	a, b := entry("a", "1", 4), entry("b", "1", 4)
	c.put(a, b)
	gone := corpus.NewChunkID("c", "1", 0)
	ids := []corpus.ChunkID{b.Points[3].Chunk.ID, gone, a.Points[0].Chunk.ID, b.Points[0].Chunk.ID, a.Points[2].Chunk.ID}
	var got []corpus.ChunkID
	for _, p := range c.chunks(store.WithText|store.WithDocument, ids...) {
		got = append(got, p.Chunk.ID)
		if p.Document.ID != p.Chunk.DocumentID || !strings.HasPrefix(p.Chunk.Text, p.Chunk.DocumentID+" ") {
			c.Errorf("chunk %s of %q came with document %q and text %q", p.Chunk.ID, p.Chunk.DocumentID, p.Document.ID, p.Chunk.Text)
		}
	}
	want := slices.DeleteFunc(slices.Clone(ids), func(id corpus.ChunkID) bool { return id == gone })
	if !slices.Equal(got, want) {
		c.Errorf("got %v, want %v", got, want)
	}
	if points := c.chunks(store.WithText); len(points) != 0 {
		c.Errorf("no ids: got %v", points)
	}
}

func listing(c *collection) {
	c.create()
	var want []string
	for i := range 23 {
		id := fmt.Sprintf("doc/%02d", (i*7)%23)
		c.put(entry(id, "1", 1+i%3))
		want = append(want, id)
	}
	slices.Sort(want)
	for _, page := range []int{1, 4, 23, 100} {
		var got []string
		for after := ""; ; {
			infos, err := c.Documents(c.ctx, after, page)
			if err != nil {
				c.Fatal(err)
			}
			if len(infos) > page {
				c.Fatalf("a page of %d holds %d", page, len(infos))
			}
			for _, info := range infos {
				got = append(got, info.Document.ID)
			}
			if len(infos) < page {
				break
			}
			after = got[len(got)-1]
		}
		if !slices.Equal(got, want) {
			c.Errorf("pages of %d: got %v, want %v", page, got, want)
		}
	}
	held, err := c.Fingerprints(c.ctx, []string{want[3], "not there", want[0]})
	if err != nil || len(held) != 2 || held[want[0]] != "fp-"+want[0]+"-1" || held[want[3]] != "fp-"+want[3]+"-1" {
		c.Errorf("fingerprints: got %v, %v", held, err)
	}
	if _, err := c.Document(c.ctx, "not there"); !errors.Is(err, corpus.ErrNotFound) {
		c.Errorf("a document that is not there: got %v, want ErrNotFound", err)
	}
}

// A document that is there throughout is listed exactly once, though others
// come, change and go around it and it is itself replaced.
func listingUnderWrites(c *collection) {
	c.create()
	for i := range 30 {
		c.put(entry(fmt.Sprintf("stays/%02d", i), "1", 1))
	}
	done := make(chan struct{})
	var writer sync.WaitGroup
	writer.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-done:
				return
			default:
			}
			id := fmt.Sprintf("comes/%02d", i%9)
			if err := errors.Join(c.Put(c.ctx, []store.Entry{entry(id, fmt.Sprint(i), 1), entry(fmt.Sprintf("stays/%02d", i%30), fmt.Sprint(i), 1)}),
				c.Delete(c.ctx, []string{id})); err != nil {
				c.Errorf("write: %v", err)
				return
			}
		}
	})
	for range 5 {
		times := map[string]int{}
		for after := ""; ; {
			page, err := c.Documents(c.ctx, after, 4)
			if err != nil {
				c.Errorf("list: %v", err)
				break
			}
			if len(page) == 0 {
				break
			}
			for _, info := range page {
				times[info.Document.ID]++
				if after != "" && info.Document.ID <= after {
					c.Errorf("%q is listed after %q", info.Document.ID, after)
				}
				after = info.Document.ID
			}
		}
		for i := range 30 {
			if id := fmt.Sprintf("stays/%02d", i); times[id] != 1 {
				c.Errorf("%q was listed %d times", id, times[id])
			}
		}
	}
	close(done)
	writer.Wait()
}

func stats(c *collection) {
	c.create()
	a, b := entry("a", "1", 2), entry("b", "1", 3)
	a.Document.Language, b.Document.Language = "ar", ""
	distinct := map[uint32]bool{}
	for _, e := range []store.Entry{a, b} {
		for _, p := range e.Points {
			for _, d := range p.Sparse.Dimensions {
				distinct[d] = true
			}
		}
	}
	c.put(a, b)
	c.settle()
	got, err := c.Stats(c.ctx)
	if err != nil {
		c.Fatal(err)
	}
	if got.Documents != 2 || got.Passages != 5 || got.Terms != len(distinct) || got.Languages["ar"] != 1 || got.Languages[""] != 1 || got.UpdatedAt.IsZero() {
		c.Errorf("got %+v, want 2 documents (one ar, one undetermined), 5 passages, %d terms", got, len(distinct))
	}
	c.delete("a", "b")
	c.settle()
	if got, err = c.Stats(c.ctx); err != nil || got.Documents+got.Passages+got.Terms+got.Languages["ar"] != 0 {
		c.Errorf("after delete: got %+v, %v", got, err)
	}
}

func cancelled(c *collection) {
	c.create()
	c.put(entry("a", "1", 2))
	ctx, cancel := context.WithCancel(c.ctx)
	cancel()
	id := corpus.NewChunkID("a", "1", 0)
	calls := map[string]func() error{
		"search":       func() error { _, err := c.Search(ctx, []store.ArmQuery{{Dense: unit(1), Limit: 1}}); return err },
		"chunks":       func() error { _, err := c.Chunks(ctx, []corpus.ChunkID{id}, store.WithText); return err },
		"document":     func() error { _, err := c.Store.Document(ctx, "a"); return err },
		"documents":    func() error { _, err := c.Documents(ctx, "", 1); return err },
		"fingerprints": func() error { _, err := c.Fingerprints(ctx, []string{"a"}); return err },
		"stats":        func() error { _, err := c.Stats(ctx); return err },
		"put":          func() error { return c.Put(ctx, []store.Entry{entry("b", "1", 1)}) },
		"delete":       func() error { return c.Delete(ctx, []string{"a"}) },
	}
	for name, call := range calls {
		if err := call(); !errors.Is(err, context.Canceled) {
			c.Errorf("%s: got %v, want context.Canceled", name, err)
		}
	}
	if hits := c.search(everything(corpus.Filter{})); len(hits) != 2 {
		c.Errorf("afterwards: got %v, want a's two passages", described(hits))
	}
}
