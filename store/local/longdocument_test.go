package local_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/store"
)

const longPassages = 5000

// withLongDocument is a store with many short documents and one of longPassages passages.
func withLongDocument(t testing.TB) (s store.Store, all []corpus.ChunkID, filter corpus.Filter) {
	opened := openSmall(t, t.TempDir())
	create(t, opened)
	entries := []store.Entry{smallEntry("long", "1", longPassages)}
	for i := range 3000 {
		entries = append(entries, smallEntry(fmt.Sprint("d", i), "1", 1))
	}
	put(t, opened, entries...)
	for i := range entries {
		for j := range entries[i].Points {
			all = append(all, entries[i].Points[j].Chunk.ID)
		}
	}
	return opened, all, corpus.Filter{In: &corpus.In{Field: corpus.FieldDocumentID, Values: []string{"long"}}}
}

// Scores have the same bits whether a search finds all passages, those of one long document, or
// those that it names.
func TestALongDocumentHasTheSameScores(t *testing.T) {
	s, all, filter := withLongDocument(t)
	for i, arms := range smallQuestions(8, 20) {
		arm := arms[1]
		arm.Filter, arm.Limit = corpus.Filter{}, len(all)
		if i%4 == 3 {
			arm.Sparse.Weights[0] = -1 // such sums may be 0 or below
		}
		search := func(ids []corpus.ChunkID, f corpus.Filter) []store.Hit {
			arm := arm
			arm.IDs, arm.Filter = ids, f
			found, err := s.Search(t.Context(), []store.ArmQuery{arm})
			if err != nil {
				t.Fatal(err)
			}
			return found[0]
		}
		whole := search(nil, corpus.Filter{})
		var want []store.Hit
		for _, h := range whole {
			if h.DocumentID == "long" {
				want = append(want, h)
			}
		}
		if len(want) == 0 || len(want) == len(whole) {
			t.Fatalf("question %d: %d of %d hits are of the long document", i, len(want), len(whole))
		}
		for name, got := range map[string][]store.Hit{
			"under a filter": search(nil, filter), "of all by name under a filter": search(all, filter), "by name": search(all[:longPassages], corpus.Filter{}),
		} {
			if !slices.Equal(want, got) {
				t.Fatalf("question %d, %s: got %d hits, want %d with the same scores", i, name, len(got), len(want))
			}
		}
	}
}

// BenchmarkLongDocument searches the passages of a long document, by a filter and by their names.
// "ratio" is the time of the lexical arm divided by that without a filter.
func BenchmarkLongDocument(b *testing.B) {
	s, all, filter := withLongDocument(b)
	arms := smallQuestions(9, 64)
	for _, one := range []struct {
		name   string
		filter corpus.Filter
		ids    []corpus.ChunkID
	}{{"filter", filter, nil}, {"names", corpus.Filter{}, all[:longPassages]}} {
		b.Run(one.name, func(b *testing.B) {
			took := func(arm store.ArmQuery) time.Duration {
				began := time.Now()
				if _, err := s.Search(b.Context(), []store.ArmQuery{arm}); err != nil {
					b.Fatal(err)
				}
				return time.Since(began)
			}
			var with, without time.Duration
			for i := 0; b.Loop(); i++ {
				arm := arms[i%len(arms)][1]
				arm.Filter = corpus.Filter{}
				without += took(arm)
				arm.Filter, arm.IDs = one.filter, one.ids
				with += took(arm)
			}
			b.ReportMetric(float64(with)/float64(without), "ratio")
		})
	}
}
