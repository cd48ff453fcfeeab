package followups_test

import (
	"fmt"
	"testing"

	"dalil/conversation"
	"dalil/corpus"
	"dalil/embedder/hash"
	"dalil/evaluation"
	"dalil/internal/training/followups"
	"dalil/lexical"
)

func words(a *lexical.Analyzer) func(string) []evaluation.Word {
	return func(text string) []evaluation.Word {
		var all []evaluation.Word
		for _, t := range a.Words(text) {
			all = append(all, evaluation.Word{Span: t.Span, Stem: t.Stem, Stop: t.Stop, Arabic: t.Script == lexical.Arabic})
		}
		return all
	}
}

// The gate that is fitted to questions about towers uses the conversation for words that
// the cited passage has, and not for a question about something else.
func TestTheGateIsFittedToMadeConversations(t *testing.T) {
	a := lexical.NewAnalyzer()
	x := lexical.NewExpander(a, nil, lexical.ExpandOptions{})
	d := followups.Deps{
		Reader: conversation.NewReader(a, x), Expander: x, Encoder: lexical.NewEncoder(a, lexical.DefaultAverageLength),
		Embedder: hash.New(hash.Options{}), Words: words(a),
	}
	var set evaluation.Set
	for i, place := range []string{"Cairo", "Vienna", "Lisbon", "Damascus", "Oslo", "Nairobi", "Quito", "Hanoi"} {
		id := fmt.Sprint(i)
		set.Documents = append(set.Documents, corpus.Document{ID: id, Text: fmt.Sprintf("The tower of %s has a restaurant%d and a garden%d. Builders%d finished it.", place, i, i, i)})
		for j, asked := range []string{"Where is the restaurant%d of the %s tower?", "Which garden%d belongs to the %s tower?", "What did builders%d finish at the %s tower?"} {
			set.Queries = append(set.Queries, evaluation.Judged{ID: fmt.Sprintf("%d-%d", i, j), Text: fmt.Sprintf(asked, i, place), Relevant: map[string]int{id: 1}})
		}
	}
	written := []followups.Talk{
		{First: "Where is the tower of Cairo?", Full: "Who finished the tower of Cairo?", Follow: "Who finished it?", Document: "0"},
		{First: "Where is the tower of Oslo?", Full: "Which garden has the tower of Oslo?", Follow: "And its garden?", Document: "4"},
	}
	elsewhere := []string{"Who painted the ceiling?", "How old is the universe?"}
	alone, err := followups.Examples(t.Context(), d, set, written, elsewhere, nil)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := followups.Examples(t.Context(), d, set, written, elsewhere, map[string]string{"Where is the restaurant0 of the Cairo tower?": "أين المطعم0 في برج القاهرة؟"})
	if err != nil {
		t.Fatal(err)
	}
	if len(rows.Words) <= len(alone.Words) {
		t.Errorf("%d questions with a question in the other language, %d without", len(rows.Words), len(alone.Words))
	}
	follows := 0
	for _, r := range rows.Words {
		if r.True {
			follows++
		}
	}
	if follows < 40 || len(rows.Words)-follows < 40 || len(rows.Searched) < len(rows.Words)/2 {
		t.Errorf("%d follow-ups among %d questions", follows, len(rows.Words))
	}
	gate, err := rows.Fit()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, name := range conversation.SignNames() {
		at[name] = i
	}
	probability := func(passage, newName float64) float64 {
		signs := make([]float64, len(at))
		signs[at["meaning"]], signs[at["specifics"]] = 1, 1
		signs[at["in_passage"]], signs[at["new_name"]] = passage, newName
		return gate.Probability(signs)
	}
	if known, foreign := probability(1, 0), probability(0, 1); known < 0.5 || foreign > 0.5 {
		t.Errorf("probability of a follow-up: %.2f with words of the passage, %.2f with other names", known, foreign)
	}
}
