package searcher_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/lexical"
	"dalil/searcher"
	"dalil/store"
)

// Passages that only the search in the time of the question finds have their documents too: as
// many groups are found as passages of different documents.
func TestPassagesOfTheTimeOfTheQuestionHaveDocuments(t *testing.T) {
	f := newFixture(t, nil)
	encoder := lexical.NewEncoder(f.deps.Analyzer, 5)
	words := strings.Fields("cooperation poverty water wheat trade market river school doctor train paper cloud")
	random := rand.New(rand.NewPCG(1, 2))
	var entries []store.Entry
	for n := range 300 {
		id := fmt.Sprint("d", n)
		text, other := "", "" // the arms find different passages
		for range 6 {
			text += words[random.IntN(len(words))] + " "
			other += words[random.IntN(len(words))] + " "
		}
		entry := store.Entry{Document: corpus.Document{ID: id, Language: "en"}, Fingerprint: "1"}
		if n%3 == 0 {
			entry.Document.PublishedAt = time.Date(2019, 5, 1+n%30, 0, 0, 0, 0, time.UTC)
		}
		for _, c := range corpus.Chunks(id, "1", text, []corpus.Span{{End: len(text)}}) {
			answer, err := f.deps.Embedder.Embed(t.Context(), embedder.Passage, []string{other})
			if err != nil {
				t.Fatal(err)
			}
			entry.Points = append(entry.Points, store.Point{Chunk: c, Dense: answer.Vectors[0], Sparse: encoder.Passage("", text)})
		}
		entries = append(entries, entry)
	}
	if err := f.store.Put(t.Context(), entries); err != nil {
		t.Fatal(err)
	}
	s := searcher.New(f.deps, searcher.Options{Depth: 10})
	q := corpus.Query{Text: "cooperation and poverty in May 2019", Now: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC), Limit: 100}
	found := search(t, s, q)
	q.PerDocument = 1
	grouped := search(t, s, q)
	documents := func(a corpus.Answer) (ids []string) {
		for _, p := range a.Passages {
			ids = append(ids, p.Chunk.DocumentID)
		}
		slices.Sort(ids)
		return slices.Compact(ids)
	}
	if want, got := documents(found), documents(grouped); len(want) <= 20 || !slices.Equal(got, want) {
		t.Errorf("groups of the documents %v, want those of %v", got, want)
	}
}
