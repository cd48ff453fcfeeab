package storetest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"

	"dalil/corpus"
	"dalil/store"
)

func readYourWrites(c *collection) {
	c.create()
	for i := range 40 {
		e := entry(fmt.Sprint("d", i%10), fmt.Sprint(i), 1+i%3)
		c.put(e)
		hits := c.search(store.ArmQuery{Dense: e.Points[0].Dense, Limit: 1})
		if len(hits) != 1 || hits[0].ID != e.Points[0].Chunk.ID {
			c.Fatalf("write %d is not found at once: got %v", i, described(hits))
		}
		if points := c.chunks(store.WithText, hits[0].ID); len(points) != 1 || points[0].Chunk.Text != e.Points[0].Chunk.Text {
			c.Fatalf("write %d can't be read at once: got %v", i, points)
		}
		if held, err := c.Fingerprints(c.ctx, []string{e.Document.ID}); err != nil || held[e.Document.ID] != e.Fingerprint {
			c.Fatalf("fingerprint of write %d: got %v, %v", i, held, err)
		}
	}
}

// While one document is replaced over and over, every answer shows exactly one
// of its revisions, complete.
func oneRevision(c *collection) {
	c.create()
	const chunks = 6
	versions := make([]store.Entry, 40)
	for i := range versions {
		versions[i] = entry("changing", fmt.Sprint("r", i), chunks)
	}
	c.put(versions[0], entry("beside", "1", 20))
	var stop atomic.Bool
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() {
			for !stop.Load() {
				found, err := c.Search(c.ctx, []store.ArmQuery{
					everything(in(corpus.FieldDocumentID, "changing")), everything(corpus.Filter{}),
				})
				if err != nil {
					c.Errorf("search: %v", err)
					return
				}
				revision := ""
				for i, hits := range found {
					n := 0
					for _, h := range hits {
						if h.DocumentID != "changing" {
							continue
						}
						if n++; revision == "" {
							revision = h.Revision
						}
						if h.Revision != revision {
							c.Errorf("arm %d shows revisions %q and %q", i, revision, h.Revision)
							return
						}
					}
					if n != chunks {
						c.Errorf("arm %d shows %d passages of the document, want %d", i, n, chunks)
						return
					}
				}
				info, err := c.Store.Document(c.ctx, "changing")
				if err != nil || info.Chunks != chunks {
					c.Errorf("document: got %+v, %v", info, err)
					return
				}
				ids := make([]corpus.ChunkID, chunks)
				for i := range ids {
					ids[i] = corpus.NewChunkID("changing", revision, i)
				}
				points, err := c.Chunks(c.ctx, ids, store.WithText|store.WithDocument)
				if err != nil || len(points) != 0 && len(points) != chunks {
					c.Errorf("chunks of one revision: got %d of %d, %v", len(points), chunks, err)
					return
				}
			}
		})
	}
	for _, v := range versions[1:] {
		c.put(v)
	}
	stop.Store(true)
	readers.Wait()
}

// Each writer owns some documents, so what must be there at the end is known.
func concurrent(c *collection) {
	c.create()
	const writers, steps = 6, 25
	ends := make([]oracle, writers)
	var all, readers sync.WaitGroup
	var stop atomic.Bool
	for w := range writers {
		ends[w] = oracle{}
		all.Go(func() {
			random := rand.New(rand.NewPCG(uint64(w), 77))
			for i := range steps {
				id := fmt.Sprintf("w%d/%d", w, random.IntN(8))
				var err error
				if random.IntN(4) == 0 {
					err = c.Delete(c.ctx, []string{id})
					delete(ends[w], id)
				} else {
					e := entry(id, fmt.Sprint(i), random.IntN(4))
					err = c.Put(c.ctx, []store.Entry{e})
					ends[w].put(e)
				}
				if err != nil {
					c.Errorf("writer %d: %v", w, err)
					return
				}
			}
		})
	}
	for r := range 3 {
		readers.Go(func() {
			random := rand.New(rand.NewPCG(uint64(r), 78))
			for !stop.Load() {
				found, err := c.Search(c.ctx, []store.ArmQuery{
					{Dense: direction(random), Limit: 20, Filter: nested(random, leafFilters(), 2)}, {Sparse: terms(random, 5), Limit: 20},
				})
				if err != nil {
					c.Errorf("search: %v", err)
					return
				}
				ids := []corpus.ChunkID{}
				for _, hits := range found {
					for _, h := range hits {
						ids = append(ids, h.ID)
					}
				}
				_, err = c.Chunks(c.ctx, ids, store.WithText|store.WithDocument|store.WithDense)
				_, listed := c.Documents(c.ctx, "", 5)
				_, counted := c.Stats(c.ctx)
				v, known := c.Vocabulary(c.ctx)
				if err := errors.Join(err, listed, counted, known); err != nil {
					c.Errorf("read: %v", err)
					return
				}
				v.Frequency(0)
			}
		})
	}
	all.Wait()
	stop.Store(true)
	readers.Wait()
	want := oracle{}
	for _, o := range ends {
		for _, e := range o {
			want.put(e)
		}
	}
	c.check(want, everything(corpus.Filter{}), c.search(everything(corpus.Filter{})))
}

// Several writers replace and delete one document at once, under the eyes of
// readers: it is whole at every moment, and one of the writes stays.
func contested(c *collection) {
	c.create()
	const writers, steps = 4, 15
	chunks := func(revision string) int { return 1 + int(hash(revision)%5) }
	look := func() string {
		hits, err := c.Search(c.ctx, []store.ArmQuery{everything(corpus.Filter{})})
		if err != nil {
			c.Errorf("search: %v", err)
			return ""
		}
		revision := ""
		for _, h := range hits[0] {
			if revision == "" {
				revision = h.Revision
			}
			if h.Revision != revision {
				c.Errorf("revisions %q and %q in one answer", revision, h.Revision)
				return revision
			}
		}
		if n := len(hits[0]); revision != "" && n != chunks(revision) {
			c.Errorf("%d passages of revision %q, want %d", n, revision, chunks(revision))
		}
		return revision
	}
	var writing, reading sync.WaitGroup
	var stop atomic.Bool
	written := map[string]bool{"": true}
	for w := range writers {
		for i := range steps {
			written[fmt.Sprintf("%d-%d", w, i)] = true
		}
		writing.Go(func() {
			for i := range steps {
				var err error
				if i%5 == 4 {
					err = c.Delete(c.ctx, []string{"contested"})
				} else {
					revision := fmt.Sprintf("%d-%d", w, i)
					err = c.Put(c.ctx, []store.Entry{entry("contested", revision, chunks(revision))})
				}
				if err != nil {
					c.Errorf("writer %d: %v", w, err)
					return
				}
			}
		})
	}
	for range 2 {
		reading.Go(func() {
			for !stop.Load() {
				look()
			}
		})
	}
	writing.Wait()
	stop.Store(true)
	reading.Wait()
	revision := look()
	if !written[revision] {
		c.Errorf("revision %q, which nobody wrote", revision)
	}
	info, err := c.Store.Document(c.ctx, "contested")
	switch {
	case revision == "" && !errors.Is(err, corpus.ErrNotFound):
		c.Errorf("no passages, but the document is %+v, %v", info, err)
	case revision != "" && (err != nil || info.Revision != revision || info.Chunks != chunks(revision)):
		c.Errorf("passages of %q, but the document is %+v, %v", revision, info, err)
	}
	if stats, err := c.Stats(c.ctx); err != nil || revision != "" && stats.Passages != chunks(revision) || revision == "" && stats.Passages != 0 {
		c.Errorf("revision %q has %d passages, but %d lie there, %v", revision, chunks(revision), stats.Passages, err)
	}
}
