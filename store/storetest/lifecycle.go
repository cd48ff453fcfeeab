package storetest

import (
	"errors"
	"fmt"
	"strings"

	"dalil/corpus"
	"dalil/store"
)

func closed(c *collection) {
	c.create()
	c.put(entry("a", "1", 1))
	if err := c.Close(); err != nil {
		c.Fatalf("close: %v", err)
	}
	if err := c.Ready(c.ctx); err == nil {
		c.Error("a closed store says that it is ready")
	}
	if _, err := c.Search(c.ctx, []store.ArmQuery{{Dense: unit(1), Limit: 1}}); err == nil {
		c.Error("a closed store answers a search")
	}
	if _, err := c.Chunks(c.ctx, []corpus.ChunkID{corpus.NewChunkID("a", "1", 0)}, store.WithText); err == nil {
		c.Error("a closed store reads chunks")
	}
	if err := c.Put(c.ctx, []store.Entry{entry("b", "1", 1)}); err == nil {
		c.Error("a closed store takes a write")
	}
	if err := c.Delete(c.ctx, []string{"a"}); err == nil {
		c.Error("a closed store takes a delete")
	}
	// The caller of a law closes once more: closing twice is not an error.
}

func reopening(c *collection) {
	if c.harness.Forgets {
		c.Skip("this store forgets on purpose")
	}
	want := filled(c)
	for round := range 3 {
		for i := range 20 {
			id := fmt.Sprintf("doc/%03d", i*3+round)
			if i%3 == 0 {
				c.delete(id)
				delete(want, id)
				continue
			}
			e := entry(id, fmt.Sprint("round", round), 1+i%3)
			c.put(e)
			want.put(e)
		}
		arms := []store.ArmQuery{
			everything(corpus.Filter{}),
			{Sparse: want["doc/099"].Points[0].Sparse, Limit: 30},
			{Dense: unit(9), Limit: 10, Filter: in(corpus.FieldLanguage, "ar")},
		}
		before, err := c.Search(c.ctx, arms)
		if err != nil {
			c.Fatal(err)
		}
		counted, err := c.Stats(c.ctx)
		if err != nil {
			c.Fatal(err)
		}
		c.reopen()
		settings, err := c.Settings(c.ctx)
		if err != nil {
			c.Fatalf("settings after reopening: %v", err)
		}
		sameSettings(c.T, settings, Settings())
		after, err := c.Search(c.ctx, arms)
		if err != nil {
			c.Fatal(err)
		}
		for i := range arms {
			c.check(want, arms[i], after[i])
			if got, want := strings.Join(described(after[i]), "\n"), strings.Join(described(before[i]), "\n"); got != want {
				c.Errorf("round %d, arm %d: answers differ after reopening:\n%s\nbefore:\n%s", round, i, got, want)
			}
		}
		again, err := c.Stats(c.ctx)
		if err != nil || again.Documents != counted.Documents || again.Passages != counted.Passages || again.Terms != counted.Terms ||
			!again.UpdatedAt.Equal(counted.UpdatedAt) {
			c.Errorf("stats after reopening: got %+v, %v, want %+v", again, err, counted)
		}
		for id, e := range want {
			for i, p := range e.Points {
				points := c.chunks(store.WithText|store.WithDocument|store.WithDense|store.WithSparse, p.Chunk.ID)
				if len(points) != 1 {
					c.Fatalf("chunk %d of %q is gone after reopening", i, id)
				}
				samePoint(c.T, store.WithText|store.WithDocument|store.WithDense|store.WithSparse, points[0], p, &e.Document)
			}
		}
	}
}

func otherPipeline(c *collection) {
	if c.harness.Forgets {
		c.Skip("this store forgets on purpose")
	}
	c.create()
	c.put(entry("a", "1", 1))
	if err := c.Close(); err != nil {
		c.Fatal(err)
	}
	others := map[string]func(*corpus.Pipeline){
		"model": func(p *corpus.Pipeline) { p.Model = "other" }, "revision": func(p *corpus.Pipeline) { p.ModelRevision = "2" },
		"dimensions": func(p *corpus.Pipeline) { p.Dimensions++ }, "prefix": func(p *corpus.Pipeline) { p.QueryPrefix = "query: " },
		"analyzer": func(p *corpus.Pipeline) { p.Analyzer = "other/2" }, "chunker": func(p *corpus.Pipeline) { p.Chunker = "other/3" },
	}
	for name, change := range others {
		wanted := Pipeline()
		change(&wanted)
		s, err := c.harness.Open(c.ctx, wanted)
		if err == nil {
			c.Errorf("%s: a collection of another pipeline was opened", name)
			s.Close()
			continue
		}
		var mismatch *corpus.MismatchError
		if !errors.As(err, &mismatch) || mismatch.Held != Pipeline() || mismatch.Wanted != wanted {
			c.Errorf("%s: got %v, want a MismatchError that names both", name, err)
		}
	}
	c.reopen() // a refusal harms nothing
	if hits := c.search(everything(corpus.Filter{})); len(hits) != 1 {
		c.Errorf("after refusals: got %v", described(hits))
	}
}
