package searcher_test

import (
	"context"
	"testing"

	"dalil/corpus"
	"dalil/searcher"
)

// indifferent gives every text the same score.
type indifferent struct{}

func (indifferent) Rerank(_ context.Context, _ string, texts []string) ([]searcher.Reranking, error) {
	return make([]searcher.Reranking, len(texts)), nil
}

// A passage that holds every word of a short question comes before one that
// repeats its rarest word.
func TestAShortQuestionWantsAllOfItsWords(t *testing.T) {
	documents := map[string][]string{
		"repeats": {"Vaccines, vaccines and vaccines. Vaccines."},
		"covers":  {"On Monday the ministry met and spoke of vaccines, harbours, bread and of a shortage in the north."},
		"timber":  {"A shortage of timber is near."}, "harbours": {"Ships wait in the harbours."}, "bread": {"Bread is dear."},
	}
	f := newFixture(t, documents)
	f.deps.Reranker = indifferent{}
	s := searcher.New(f.deps, searcher.Options{Weights: &searcher.Weights{Lexical: .5}})
	q := corpus.Query{Text: "vaccines shortage"}
	answer := search(t, s, q)
	if got := answer.Passages[0].Document.ID; got != "covers" {
		t.Errorf("%q comes first, want the passage that holds both words", got)
	}
	if c := answer.Passages[0].Scores.Coverage; c == nil || *c < .99 {
		t.Errorf("its coverage is %v, want 1", *c)
	}
	off := false
	q.Rerank = &off
	if got := search(t, s, q).Passages[0].Document.ID; got != "repeats" {
		t.Errorf("without the steps behind the arms %q comes first: the test shows nothing", got)
	}
}
