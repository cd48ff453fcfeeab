package evaluation_test

import (
	"context"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"dalil/corpus"
	"dalil/evaluation"
)

// plainWords reads a question without stemming; words of up to three letters are stop words.
func plainWords(text string) []evaluation.Word {
	var words []evaluation.Word
	start := -1
	for i, r := range text + " " {
		letter := unicode.IsLetter(r) || unicode.IsDigit(r)
		switch {
		case letter && start < 0:
			start = i
		case !letter && start >= 0:
			w := text[start:i]
			words = append(words, evaluation.Word{
				Span: corpus.Span{Start: start, End: i}, Stem: strings.ToLower(w), Stop: len(w) <= 3, Arabic: r > 0x600,
			})
			start = -1
		}
	}
	return words
}

func question(id, text, document string) evaluation.Judged {
	return evaluation.Judged{ID: id, Text: text, Relevant: map[string]int{document: 1}}
}

func TestChainsLeaveOutWhatIsShared(t *testing.T) {
	set := evaluation.Set{
		Name:      "s",
		Documents: []corpus.Document{{ID: "theatre", Title: "Warsaw"}, {ID: "fish"}},
		Queries: []evaluation.Judged{
			question("1", "Where is the Summer Theatre?", "theatre"),
			question("2", "How long was the Summer Theatre of Warsaw open?", "theatre"),
			question("3", "Which fish swim?", "fish"),
		},
	}
	type chain struct{ Kind, First, Text string }
	var got []chain
	for _, c := range evaluation.Chains(set, plainWords) {
		got = append(got, chain{string(c.Kind), c.First, c.Text})
		if c.Kind != evaluation.ChainOther && (c.Full != set.Queries[1].Text || c.Relevant["theatre"] != 1) {
			t.Errorf("%+v", c)
		}
	}
	want := []chain{
		{"removed", "Where is the Summer Theatre?", "How long was the of open?"},
		{"pronoun", "Where is the Summer Theatre?", "How long was the it of open?"},
		{"alone", "Where is the Summer Theatre?", "How long was the Summer Theatre of Warsaw open?"},
		{"other", "Which fish swim?", "Where is the Summer Theatre?"},
		{"other", "Which fish swim?", "How long was the Summer Theatre of Warsaw open?"},
		{"other", "Where is the Summer Theatre?", "Which fish swim?"},
		{"other", "How long was the Summer Theatre of Warsaw open?", "Which fish swim?"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("chains (-want +got):\n%s", diff)
	}
}

// Every question, also the first about its document, follows five questions about other documents.
func TestEachQuestionFollowsOthersOnOtherTopics(t *testing.T) {
	var set evaluation.Set
	for i := range 12 {
		document := strings.Repeat("d", i+1)
		set.Documents = append(set.Documents, corpus.Document{ID: document})
		set.Queries = append(set.Queries, question(document, "what about "+document, document))
	}
	follows := map[string]map[string]bool{}
	for _, c := range evaluation.Chains(set, plainWords) {
		if c.Kind != evaluation.ChainOther || c.First == c.Text || c.Text != c.Full {
			t.Errorf("%+v", c)
		}
		if follows[c.ID] == nil {
			follows[c.ID] = map[string]bool{}
		}
		follows[c.ID][c.First] = true
	}
	for _, q := range set.Queries {
		if len(follows[q.ID]) != 5 {
			t.Errorf("%s follows %d others", q.ID, len(follows[q.ID]))
		}
	}
}

// sure says that it has enough where it finds something.
type sure struct{ remembering }

func (s sure) Search(ctx context.Context, q corpus.Query) (corpus.Answer, error) {
	a, err := s.remembering.Search(ctx, q)
	a.Evidence = corpus.EvidenceNone
	if relevance := float32(0.9); len(a.Passages) > 0 {
		a.Evidence, a.Passages[0].Relevance = corpus.EvidenceSufficient, &relevance
	}
	return a, err
}

// The evidence of a follow-up is that of its question with the history, and a question whose document is not in the
// index is off-topic.
func TestTheEvidenceOfConversationsIsMeasured(t *testing.T) {
	set := evaluation.Set{Name: "s", Documents: []corpus.Document{{ID: "theatre"}}, Queries: []evaluation.Judged{
		question("1", "Where is the Summer Theatre?", "theatre"), question("2", "How long was the Summer Theatre open?", "theatre"),
	}}
	var graded []evaluation.GradedChain
	for _, held := range []bool{true, false} {
		more, err := evaluation.GradeConversations(t.Context(), evaluation.Chains(set, plainWords), func(string) bool { return held }, sure{})
		if err != nil {
			t.Fatal(err)
		}
		graded = append(graded, more...)
	}
	all := evaluation.MeasureConversations(graded)
	if len(all) != 3 || all[0].Kind != evaluation.ChainRemoved {
		t.Fatalf("evidence of %+v, want removed, pronoun and alone", all)
	}
	h := all[0].History
	if h.Answered != 1 || h.OffTopic != 1 || h.AnsweredSufficient != 1 || h.OffTopicSufficient != 1 || h.AnsweredNone != 0 {
		t.Errorf("%+v: want one answered and one off-topic follow-up, both SUFFICIENT", h)
	}
	if !graded[0].History.FirstRight || graded[0].History.First < 0.89 {
		t.Errorf("%+v: want the right passage first", graded[0].History)
	}
}

// remembering finds the theatre if its name is in the question or in the history.
type remembering struct{}

func (remembering) Search(_ context.Context, q corpus.Query) (corpus.Answer, error) {
	all := q.Text
	for _, turn := range q.History {
		all += turn.Text
	}
	var a corpus.Answer
	if strings.Contains(all, "Theatre") {
		a.Passages = []corpus.Passage{{Chunk: corpus.Chunk{DocumentID: "theatre"}}}
	}
	a.FollowsUp = len(q.History) > 0 && !strings.Contains(q.Text, "Theatre")
	return a, nil
}

func TestConversationsAreJudged(t *testing.T) {
	set := evaluation.Set{Name: "s", Documents: []corpus.Document{{ID: "theatre"}}, Queries: []evaluation.Judged{
		question("1", "Where is the Summer Theatre?", "theatre"), question("2", "How long was the Summer Theatre open?", "theatre"),
	}}
	report, err := evaluation.JudgeConversations(t.Context(), set, plainWords, remembering{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range report.Chains {
		report.Chains[i].Extra = 0
	}
	want := []evaluation.ChainReport{
		{Kind: "removed", Questions: 1, Alone: 0, History: 1, Full: 1, FollowUps: 1},
		{Kind: "pronoun", Questions: 1, Alone: 0, History: 1, Full: 1, FollowUps: 1},
		{Kind: "alone", Questions: 1, Alone: 1, History: 1, Full: 1},
		{Kind: "other"},
	}
	if diff := cmp.Diff(want, report.Chains); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
}
