package searcher_test

import (
	"context"
	"strings"
	"testing"

	"dalil/corpus"
	"dalil/searcher"
	"dalil/searcher/trees"
)

// fond likes texts with many vaccines.
type fond struct{}

func (fond) Rerank(_ context.Context, _ string, texts []string) ([]searcher.Reranking, error) {
	ranked := make([]searcher.Reranking, len(texts))
	for i, text := range texts {
		ranked[i].Late = float32(strings.Count(strings.ToLower(text), "vaccines"))
	}
	return ranked, nil
}

// A topic of three words asks for all three; a question may be answered by a
// passage that lacks one.
func TestATopicWantsEveryWord(t *testing.T) {
	f := newFixture(t, map[string][]string{
		"lacks":  {"Vaccines, vaccines: a shortage of vaccines, a shortage."},
		"covers": {"The ministry met on Monday and spoke of vaccines, of bread and trade, of harbours, and of a shortage in the north."},
		"timber": {"Timber is dear."},
	})
	f.deps.Reranker = fond{}
	s := searcher.New(f.deps, searcher.Options{
		Weights: &searcher.Weights{Lexical: .01, Late: 5}, Ranker: trees.New(searcher.FeatureNames(), nil),
	})
	for question, want := range map[string]string{
		"vaccines shortage harbours":            "covers",
		"vaccines harbours timber":              "lacks", // no passage has all three
		"what of vaccines, shortage, harbours?": "lacks",
	} {
		if got := search(t, s, corpus.Query{Text: question}).Passages[0].Document.ID; got != want {
			t.Errorf("%q finds %s first, want %s", question, got, want)
		}
	}
}
