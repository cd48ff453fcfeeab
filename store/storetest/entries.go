package storetest

import (
	"fmt"

	"dalil/corpus"
	"dalil/store"
)

// entries proves that [store.Entries] reads everything that was put, whole, and
// that putting it again changes nothing: what a backup needs.
func entries(c *collection) {
	c.create()
	want := map[string]store.Entry{}
	for i := range 20 {
		e := entry(fmt.Sprintf("doc/%d", i), "r1", i%4)
		want[e.Document.ID] = e
		c.put(e)
	}
	again := entry("doc/3", "r2", 5)
	want[again.Document.ID] = again
	c.put(again)
	if err := c.Delete(c.ctx, []string{"doc/7"}); err != nil {
		c.Fatal(err)
	}
	delete(want, "doc/7")
	for range 2 {
		var all []store.Entry
		for got, err := range store.Entries(c.ctx, c.Store) {
			if err != nil {
				c.Fatal(err)
			}
			e, known := want[got.Document.ID]
			if !known || got.Fingerprint != e.Fingerprint || len(got.Points) != len(e.Points) || got.UpdatedAt.IsZero() {
				c.Fatalf("got %+v, want %+v", got, e)
			}
			sameDocument(c.T, got.Document, e.Document)
			for i := range got.Points {
				got.Points[i].Document = nil
				samePoint(c.T, store.WithText|store.WithDense|store.WithSparse, got.Points[i], e.Points[i], &corpus.Document{})
			}
			all = append(all, got)
		}
		if len(all) != len(want) {
			c.Errorf("%d documents, want %d", len(all), len(want))
		}
		c.put(all...)
	}
}
