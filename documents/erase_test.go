package documents_test

import (
	"context"
	"fmt"
	"testing"

	"dalil/corpus"
	"dalil/documents"
	"dalil/store"
	"dalil/store/local"
)

var pipeline = corpus.Pipeline{Model: "m", ModelRevision: "1", Dimensions: 2, Analyzer: "a", Chunker: "c"}

// lent lends one store. Before a deletion it calls before.
type lent struct {
	store.Store
	before func(ids []string)
}

func (l *lent) Lend(do func(documents.Index) error) error { return do(documents.Index{Store: l}) }

func (l *lent) Known(context.Context, corpus.Mark) (ours, active bool, err error) {
	return false, false, nil
}

func (l *lent) DeleteIf(ctx context.Context, deletions []corpus.Deletion) error {
	if l.before != nil {
		before := l.before
		l.before = nil
		ids := make([]string, len(deletions))
		for i, d := range deletions {
			ids[i] = d.ID
		}
		before(ids)
	}
	return l.Store.DeleteIf(ctx, deletions)
}

func entry(id, tag, content string) store.Entry {
	return store.Entry{
		Document: corpus.Document{ID: id, Tags: []string{tag}}, Fingerprint: store.Fingerprint(content, pipeline),
		Points: []store.Point{{Chunk: corpus.Chunk{ID: corpus.NewChunkID(id, content, 0), DocumentID: id, Revision: content, Text: id}, Dense: corpus.Vector{1, 0}}},
	}
}

// A document that another writer changes while a filter's documents are deleted is deleted if
// the filter keeps its new version, and stays otherwise.
func TestEraseSparesWhatChanged(t *testing.T) {
	s, err := local.Open(t.Context(), local.Options{Dir: t.TempDir(), Pipeline: pipeline})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Create(t.Context(), store.Settings{Pipeline: pipeline, AverageLength: 1}); err != nil {
		t.Fatal(err)
	}
	put := func(entries ...store.Entry) {
		t.Helper()
		if err := s.Put(t.Context(), entries); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 6 {
		put(entry(fmt.Sprint("d", i), "x", "1"))
	}
	put(entry("other", "y", "1"))
	l := &lent{Store: s, before: func([]string) {
		put(entry("d1", "y", "2"), entry("d2", "x", "2"))
		if err := s.Delete(t.Context(), []string{"d3"}); err != nil {
			t.Fatal(err)
		}
	}}
	receipts := 0
	d := documents.New(l, func(context.Context, corpus.Receipt) { receipts++ })
	erased, err := d.Erase(t.Context(), corpus.Filter{In: &corpus.In{Field: corpus.FieldTag, Values: []string{"x"}}}, false, func(corpus.Progress) {})
	if err != nil || erased.Matched != 6 || erased.Deleted != 4 || receipts != 4 || len(erased.Sample) != 6 {
		t.Errorf("%+v, %d receipts, error %v; want 4 of 6 deleted", erased, receipts, err)
	}
	page, err := d.List(t.Context(), corpus.Listing{Limit: 10})
	var left []string
	for _, info := range page.Documents {
		left = append(left, info.Document.ID)
	}
	if err != nil || fmt.Sprint(left) != "[d1 other]" {
		t.Errorf("%v are left, error %v", left, err)
	}
}
