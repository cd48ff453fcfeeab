package searcher_test

import (
	"testing"

	"dalil/corpus"
	"dalil/lexical"
	"dalil/searcher"
	"dalil/searcher/relevance"
	"dalil/searcher/trees"
)

func TestEvidenceNeedsTheNamesOfTheQuestion(t *testing.T) {
	f := newFixture(t, map[string][]string{
		"Ajax": {"The stadium holds 55,000 spectators. ", "It stands in Amsterdam and has a roof."},
		"جسر":  {"افتتح الجسر في برلين قبل عام. ", "يبلغ طول الجسر ألف متر."},
	})
	lexicon, err := lexical.DefaultLexicon()
	if err != nil {
		t.Fatal(err)
	}
	f.deps.Expander = lexical.NewExpander(f.deps.Analyzer, lexicon, lexical.ExpandOptions{})
	f.deps.Reranker = exact{}
	// The table is sure of every passage, so that the names alone decide.
	sure := relevance.New("test", trees.New(searcher.SignNames(), nil), nil, 4, relevance.Limits{Weak: .1, Sufficient: .6})
	s := searcher.New(f.deps, searcher.Options{Relevance: sure})
	for question, want := range map[string]corpus.Evidence{
		"How many spectators does the stadium hold?":                      corpus.EvidenceSufficient,
		"How many spectators does the stadium of Ajax hold?":              corpus.EvidenceSufficient, // in the title
		"How many spectators does the stadium in Amsterdam hold?":         corpus.EvidenceSufficient, // in another passage
		"How many spectators does the stadium in Amsterdamm hold?":        corpus.EvidenceSufficient, // misspelt
		"How many spectators does the stadium of Benfica hold?":           corpus.EvidenceWeak,
		"How many spectators does the stadium of Ajax in Rotterdam hold?": corpus.EvidenceWeak,
		"How long is the bridge in Berlin?":                               corpus.EvidenceSufficient,
		"How long is the bridge in Hamburg?":                              corpus.EvidenceWeak,
		"كم يبلغ طول الجسر في برلين؟":                                     corpus.EvidenceSufficient,
		"كم يبلغ طول الجسر في هامبورغ؟":                                   corpus.EvidenceWeak,
	} {
		answer := search(t, s, corpus.Query{Text: question})
		if answer.Evidence != want {
			t.Errorf("%q: evidence %v, want %v", question, answer.Evidence, want)
		}
		for _, p := range answer.Passages {
			if want == corpus.EvidenceWeak && *p.Relevance >= .6 {
				t.Errorf("%q: relevance %v of a passage of a document without the name", question, *p.Relevance)
			}
		}
	}
}
