package storetest

import (
	"fmt"
	"math"
	"time"

	"github.com/google/go-cmp/cmp"

	"dalil/corpus"
	"dalil/store"
)

// traits: what [store.Published], [store.Vectors] and [store.CountFacets] return is what
// the documents and passages have, whatever was replaced; what is gone has nothing.
func traits(c *collection) {
	c.create()
	current := map[string]store.Entry{}
	put := func(entries ...store.Entry) {
		c.Helper()
		c.put(entries...)
		for _, e := range entries {
			current[e.Document.ID] = e
		}
	}
	var ids []corpus.ChunkID
	documents := append(filterable(), // values with similar bytes
		corpus.Document{Metadata: values("k", "\x01")}, corpus.Document{Metadata: values("k", true)}, corpus.Document{Metadata: values("k", 1)},
		corpus.Document{Metadata: values("k", "1")}, corpus.Document{Metadata: values("k", list("1", "true", "1"))}, corpus.Document{Metadata: values("k", "true", "kk", "1")})
	for i, d := range documents {
		e := entry(fmt.Sprintf("d%d", i), "1", 1+i%3)
		d.ID = e.Document.ID
		e.Document = d
		put(e)
		for _, p := range e.Points {
			ids = append(ids, p.Chunk.ID)
		}
	}
	ids = append(ids, corpus.NewChunkID("nobody", "1", 0))
	c.checkTraits(current, ids)
	replaced := entry("d0", "2", 2)
	put(replaced)
	ids = append(ids, replaced.Points[1].Chunk.ID)
	c.delete("d1")
	delete(current, "d1")
	c.checkTraits(current, ids)
	c.checkTraits(current, nil)
}

func (c *collection) checkTraits(current map[string]store.Entry, ids []corpus.ChunkID) {
	c.Helper()
	at := map[corpus.ChunkID]store.Point{}
	for _, e := range current {
		for _, p := range e.Points {
			p.Document = &e.Document
			at[p.Chunk.ID] = p
		}
	}
	published, err := store.Published(c.ctx, c.Store, ids)
	if err != nil || len(published) != len(ids) {
		c.Fatalf("published: %d times for %d passages, error %v", len(published), len(ids), err)
	}
	vectors, err := store.Vectors(c.ctx, c.Store, ids)
	if err != nil || len(vectors) != len(ids) {
		c.Fatalf("vectors: %d for %d passages, error %v", len(vectors), len(ids), err)
	}
	documents := map[string]*corpus.Document{}
	for i, id := range ids {
		p, held := at[id]
		var want time.Time
		if held {
			want = p.Document.PublishedAt
			documents[p.Document.ID] = p.Document
		}
		if !published[i].Equal(want) {
			c.Errorf("passage %s was published at %v, want %v", id, published[i], want)
		}
		switch {
		case held != (vectors[i] != nil):
			c.Errorf("passage %s has a vector: %v, want %v", id, vectors[i] != nil, held)
		case held && math.Abs(cosine(vectors[i], p.Dense)-1) > 1e-4:
			c.Errorf("the vector of passage %s has the cosine %v to the stored one", id, cosine(vectors[i], p.Dense))
		}
	}
	fields := []corpus.FacetField{
		{Kind: corpus.FacetLanguage}, {Kind: corpus.FacetSource}, {Kind: corpus.FacetAuthor}, {Kind: corpus.FacetTag}, {Kind: corpus.FacetYear},
	}
	keys := map[string]bool{"nobody's": true}
	for _, d := range documents {
		for key := range d.Metadata {
			keys[key] = true
		}
	}
	for key := range keys {
		fields = append(fields, corpus.FacetField{Kind: corpus.FacetMetadata, Key: key})
	}
	counted, err := store.CountFacets(c.ctx, c.Store, ids, fields)
	if err != nil || len(counted) != len(fields) {
		c.Fatalf("facets: %d for %d fields, error %v", len(counted), len(fields), err)
	}
	for i, field := range fields {
		want, got := map[string]int{}, map[string]int{}
		for _, d := range documents {
			for _, v := range field.Values(d) {
				want[v.String()]++
			}
		}
		for _, v := range counted[i] {
			got[v.Value.String()] += v.Count
		}
		if diff := cmp.Diff(want, got); diff != "" || len(got) != len(counted[i]) {
			c.Errorf("facet %s, %d values (-want +got):\n%s", field, len(counted[i]), diff)
		}
	}
}

func cosine(a, b corpus.Vector) float64 {
	var sum float64
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}
