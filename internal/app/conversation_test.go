package app_test

import (
	"strings"
	"testing"

	"dalil/corpus"
)

func TestFollowUpsFindWhatTheConversationIsAbout(t *testing.T) {
	a := open(t, settings(t, nil))
	indexSeeds(t, a)
	ask := func(text string, history ...corpus.Turn) corpus.Answer {
		t.Helper()
		answer, err := a.Search(operator(t), corpus.Query{Text: text, History: history})
		if err != nil || len(answer.Passages) == 0 {
			t.Fatalf("%s: %v, %d passages", text, err, len(answer.Passages))
		}
		return answer
	}
	user := func(text string) corpus.Turn { return corpus.Turn{Text: text} }
	cites := func(a corpus.Answer) corpus.Turn {
		return corpus.Turn{Role: corpus.Assistant, Cited: []corpus.ChunkID{a.Passages[0].Chunk.ID}}
	}
	for _, c := range []struct{ first, second, want string }{
		{"متى أقيمت ندوة الحد من الفقر؟", "ومن افتتحها؟", "001_9b34745794db2986"},
		{"When was the symposium on poverty reduction?", "and who opened it?", "001_9b34745794db2986"},
		{"When was the symposium on poverty reduction?", "ومن افتتحها؟", "001_9b34745794db2986"},
		{"متى عقد مؤتمر الحزام والطريق لآسيا والمحيط الهادئ؟", "who presided over it?", "004_84a4a0ef0b1a2a38"},
		{"What is the Asia and Pacific conference of the Belt and Road about?", "what about the pandemic?", "004_84a4a0ef0b1a2a38"},
	} {
		first := ask(c.first)
		answer := ask(c.second, user(c.first), cites(first))
		if id := answer.Passages[0].Chunk.DocumentID; id != c.want || !answer.FollowsUp {
			t.Errorf("%q, then %q: first is %s, want %s; asked for %q", c.first, c.second, id, c.want, answer.Interpreted)
		}
		if !strings.HasPrefix(answer.Interpreted, c.second) || answer.Interpreted == c.second {
			t.Errorf("%q was asked as %q", c.second, answer.Interpreted)
		}
	}
}

// Replies are read with what was said before. However many they are, they take no part in what comes after them.
func TestRepliesKeepTheTopic(t *testing.T) {
	a := open(t, settings(t, nil))
	indexSeeds(t, a)
	history := []corpus.Turn{{Text: "When was the symposium on poverty reduction?"}, {Role: corpus.Assistant, Text: "On 26 May."}}
	var asked []string
	for _, question := range []string{"thanks", "ok", "yes", "great", "sure", "please", "thank you", "and who opened it?"} {
		answer, err := a.Search(operator(t), corpus.Query{Text: question, History: history})
		if err != nil || len(answer.Passages) == 0 {
			t.Fatalf("%s: %v, %d passages", question, err, len(answer.Passages))
		}
		if id := answer.Passages[0].Chunk.DocumentID; id != "001_9b34745794db2986" {
			t.Errorf("%q: first is %s; asked for %q", question, id, answer.Interpreted)
		}
		asked = append(asked, answer.Interpreted)
		history = append(history, corpus.Turn{Text: question}, corpus.Turn{Role: corpus.Assistant, Text: "You are welcome."})
	}
	if last := asked[len(asked)-1]; !strings.Contains(last, "symposium") || strings.Contains(last, "thanks") {
		t.Errorf("after the replies, asked for %q", last)
	}
}

// A question about something else is not changed where that is certain. In a little doubt, its best passages stay.
func TestANewTopicIgnoresThePast(t *testing.T) {
	a := open(t, settings(t, nil))
	indexSeeds(t, a)
	for text, certain := range map[string]bool{"digital cooperation between Chinese and Arab cities": true, "المنتدى الثالث للمدن العربية والصينية": false} {
		alone, err := a.Search(operator(t), corpus.Query{Text: text})
		if err != nil {
			t.Fatal(err)
		}
		later, err := a.Search(operator(t), corpus.Query{Text: text, History: []corpus.Turn{{Text: "How do I repair a bicycle chain?"}, {Role: corpus.Assistant, Text: "Use a chain tool."}}})
		if err != nil {
			t.Fatal(err)
		}
		if later.FollowsUp || later.Interpreted != text {
			t.Errorf("%q was asked as %q", text, later.Interpreted)
		}
		for i, p := range alone.Passages {
			if (certain || i < 3) && later.Passages[i].Chunk.ID != p.Chunk.ID || certain && later.Passages[i].Scores.Fused != p.Scores.Fused {
				t.Errorf("%q: passage %d changed", text, i)
			}
		}
	}
}

// A passage that is gone, and turns that say nothing about the question, are no error.
func TestHistoryMayNamePassagesThatAreGone(t *testing.T) {
	a := open(t, settings(t, nil))
	indexSeeds(t, a)
	gone, err := corpus.ParseChunkID("c9e92608-74b7-8bd1-b2fb-2a98f6500000")
	if err != nil {
		t.Fatal(err)
	}
	gone[0] ^= 0xff
	if _, err := a.Search(operator(t), corpus.Query{Text: "and who opened it?", History: []corpus.Turn{{Role: corpus.Assistant, Cited: []corpus.ChunkID{gone}}}}); err != nil {
		t.Error(err)
	}
}
