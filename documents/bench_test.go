package documents_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/documents"
	"dalil/store"
	"dalil/store/local"
)

// BenchmarkWholeIndex is what the calls cost that read all documents, here 20,000 of the
// embedded store.
func BenchmarkWholeIndex(b *testing.B) {
	s, err := local.Open(b.Context(), local.Options{Dir: b.TempDir(), Pipeline: pipeline})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Create(b.Context(), store.Settings{Pipeline: pipeline, AverageLength: 1}); err != nil {
		b.Fatal(err)
	}
	const all = 20_000
	for i := 0; i < all; {
		var entries []store.Entry
		for range 1000 {
			e := entry(fmt.Sprintf("d%06d", i), fmt.Sprint("t", i%50), fmt.Sprint(i))
			e.Document.Title, e.Document.Language, e.Document.Source = "A title of some words", "en", "feed/a"
			e.Document.PublishedAt = time.Unix(int64(i%3650)*86400, 0)
			e.Document.Metadata = map[string]corpus.Value{"kind": corpus.String([]string{"a", "b", "c"}[i%3]), "n": corpus.Number(float64(i))}
			entries, i = append(entries, e), i+1
		}
		if err := s.Put(b.Context(), entries); err != nil {
			b.Fatal(err)
		}
	}
	d := documents.New(&lent{Store: s}, func(context.Context, corpus.Receipt) {})
	rare := corpus.Filter{Metadata: &corpus.MetadataMatch{Key: "n", Values: []corpus.Value{corpus.Number(all - 1)}}}
	for name, call := range map[string]func() error{
		"a page by id": func() error { _, err := d.List(b.Context(), corpus.Listing{Limit: 50}); return err },
		"a page by date": func() error {
			_, err := d.List(b.Context(), corpus.Listing{Order: corpus.ByPublished, Limit: 50})
			return err
		},
		"a page of a rare value": func() error { _, err := d.List(b.Context(), corpus.Listing{Filter: rare, Limit: 50}); return err },
		"facets": func() error {
			_, _, err := d.Facets(b.Context(), corpus.Filter{}, []corpus.FacetRequest{
				{Field: corpus.FacetField{Kind: corpus.FacetLanguage}}, {Field: corpus.FacetField{Kind: corpus.FacetTag}}, {Field: corpus.FacetField{Kind: corpus.FacetYear}},
			})
			return err
		},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := call(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
