package ranker_test

import (
	"testing"

	"dalil/evaluation"
	"dalil/internal/training"
	"dalil/internal/training/ranker"
	"dalil/lexical"
)

func TestAParaphraseAsksInOtherWords(t *testing.T) {
	rows := []training.Pair{
		{Source: "illness", Target: "مرض"},
		{Source: "disease", Target: "مرض"},
		{Source: "disease", Target: "داء"},
		{Source: "illness", Target: "داء"},
		{Source: "evil", Target: "داء"},
		{Source: "diseases", Target: "مرض"},
		{Source: "diseases", Target: "داء"},
	}
	set := evaluation.Set{Name: "s", Queries: []evaluation.Judged{
		{ID: "1", Text: "Heart disease", Relevant: map[string]int{"a": 1}},
		{ID: "2", Text: "evil", Relevant: map[string]int{"a": 1}}, // shares one translation only
		{ID: "3", Text: "مرض", Relevant: map[string]int{"a": 1}},
	}}
	got := ranker.Paraphrase(set, lexical.NewAnalyzer(), rows)
	if len(got.Queries) != 1 || got.Queries[0].Text != "heart illness" || got.Queries[0].Relevant["a"] != 1 {
		t.Errorf("paraphrases: %+v", got.Queries)
	}
}
