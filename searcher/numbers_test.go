package searcher_test

import (
	"testing"

	"dalil/corpus"
	"dalil/searcher"
	"dalil/searcher/relevance"
	"dalil/searcher/trees"
)

func TestEvidenceNeedsTheNumbersOfTheQuestion(t *testing.T) {
	f := newFixture(t, map[string][]string{
		"phone": {"The phone 12 has a bright screen. ", "It came out in 2020 with a camera."},
		"river": {"Rivers run to the sea."},
	})
	f.deps.Reranker = exact{}
	// The table is sure of every passage, so that the numbers alone decide.
	sure := relevance.New("test", trees.New(searcher.SignNames(), nil), nil, 4, relevance.Limits{Weak: .1, Sufficient: .6})
	s := searcher.New(f.deps, searcher.Options{Relevance: sure})
	for _, c := range []struct {
		question string
		want     corpus.Evidence
	}{
		{"phone bright screen", corpus.EvidenceSufficient},
		{"phone 12 bright screen", corpus.EvidenceSufficient},
		{"the phone with a bright screen in 2020", corpus.EvidenceSufficient}, // in another passage of the document
		{"the phone with a bright screen in 2015", corpus.EvidenceWeak},
	} {
		answer := search(t, s, corpus.Query{Text: c.question})
		if answer.Evidence != c.want {
			t.Errorf("%q: evidence %v, want %v", c.question, answer.Evidence, c.want)
		}
		for _, p := range answer.Passages {
			if c.want == corpus.EvidenceWeak && *p.Relevance >= .6 {
				t.Errorf("%q: relevance %v of a passage without the number", c.question, *p.Relevance)
			}
		}
	}
}
