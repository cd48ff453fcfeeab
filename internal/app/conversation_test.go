package app_test

import (
	"slices"
	"strings"
	"testing"

	"dalil/corpus"
	"dalil/evaluation"
	"dalil/internal/app"
	"dalil/internal/task"
	"dalil/lexical"
)

func TestFollowUpsFindWhatTheConversationIsAbout(t *testing.T) {
	a := open(t, settings(t, nil))
	indexSeeds(t, a)
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
		{"When was the symposium on poverty reduction?", "كم شخصا شارك فيها؟", "001_9b34745794db2986"},
		{"متى أقيمت ندوة الحد من الفقر؟", "How many people took part in it?", "001_9b34745794db2986"},
		{"When was the symposium on poverty reduction?", "ماذا قال عنها طفيلي؟", "001_9b34745794db2986"},
		{"متى عقد مؤتمر الحزام والطريق لآسيا والمحيط الهادئ؟", "كم شخصا شارك؟", "004_84a4a0ef0b1a2a38"},
		{"متى عقد مؤتمر الحزام والطريق لآسيا والمحيط الهادئ؟", "How many people took part?", "004_84a4a0ef0b1a2a38"},
		{"Who chaired the Belt and Road conference for Asia and the Pacific?", "what was decided?", "004_84a4a0ef0b1a2a38"},
		{"متى أقيمت ندوة الحد من الفقر؟", "which subjects were dealt with?", "001_9b34745794db2986"},
		{"When was the symposium on poverty reduction?", "ما القرارات؟", "001_9b34745794db2986"},
	} {
		first := ask(t, a, c.first)
		answer := ask(t, a, c.second, user(c.first), cites(first))
		if id := answer.Passages[0].Chunk.DocumentID; id != c.want || !answer.FollowsUp {
			t.Errorf("%q, then %q: first is %s, want %s; asked for %q", c.first, c.second, id, c.want, answer.Interpreted)
		}
		if !strings.HasPrefix(answer.Interpreted, c.second) || answer.Interpreted == c.second {
			t.Errorf("%q was asked as %q", c.second, answer.Interpreted)
		}
	}
}

// A question with a topic of its own is answered by the document about it, although it begins as if it went on. One without
// any topic is answered by what the conversation is about, although it has no pronoun.
func TestTheTopicOfAQuestionDecides(t *testing.T) {
	a := open(t, settings(t, nil))
	indexSeeds(t, a)
	const symposium, cities = "001_9b34745794db2986", "003_e2547493d83c1110"
	for _, first := range []string{"When was the symposium on poverty reduction?", "متى أقيمت ندوة الحد من الفقر؟"} {
		cited := ask(t, a, first).Passages[0]
		if cited.Chunk.DocumentID != symposium {
			t.Fatalf("%q: first is %s", first, cited.Chunk.DocumentID)
		}
		for _, c := range []struct{ question, want string }{
			{"What about digital cooperation between cities?", cities},
			{"And digital cooperation, which forum dealt with it?", cities},
			{"Digital cooperation between cities, which forum dealt with it?", cities},
			{"Digital cooperation between Chinese and Arab cities", cities},
			{"والتعاون الرقمي بين المدن؟", cities},
			{"And digital cooperation between cities?", cities},
			{"وماذا عن التعاون الرقمي بين المدن؟", cities},
			{"And the Arab cities forum, when was it held?", cities},
			{"Which countries took part in the conference of the Belt and Road?", "004_84a4a0ef0b1a2a38"},
			{"green energy and green finance", "004_84a4a0ef0b1a2a38"},
			{"How many people took part?", symposium},
			{"And how many took part?", symposium},
			{"كم شخصا شارك؟", symposium},
		} {
			answer := ask(t, a, c.question, corpus.Turn{Text: first}, corpus.Turn{Role: corpus.Assistant, Cited: []corpus.ChunkID{cited.Chunk.ID}})
			if id := answer.Passages[0].Chunk.DocumentID; id != c.want {
				t.Errorf("%q, then %q: first is %s, want %s; asked for %q", first, c.question, id, c.want, answer.Interpreted)
			}
			if follows := c.want == symposium; (follows || strings.HasPrefix(c.question, "What about") || strings.Contains(c.question, "which")) && answer.FollowsUp != follows {
				t.Errorf("%q, then %q: asked for %q", first, c.question, answer.Interpreted)
			}
		}
	}
}

func ask(t *testing.T, a *app.App, text string, history ...corpus.Turn) corpus.Answer {
	t.Helper()
	answer, err := a.Search(operator(t), corpus.Query{Text: text, History: history})
	if err != nil || len(answer.Passages) == 0 {
		t.Fatalf("%s: %v, %d passages", text, err, len(answer.Passages))
	}
	return answer
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

// The conversation says which passages a context is chosen from, and the question which of their sentences.
func TestTheSentencesOfAContextAnswerTheQuestion(t *testing.T) {
	a := open(t, settings(t, nil))
	indexSeeds(t, a)
	queries, err := evaluation.LoadQueries("../../seeds/answers.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	answers := map[string][]string{}
	inLanguage := map[string][]evaluation.Judged{}
	for _, q := range queries {
		answers[q.ID] = q.Answers
		inLanguage[q.Tags[0]] = append(inLanguage[q.Tags[0]], q)
	}
	words := task.WordsOf(lexical.NewAnalyzer())
	chains := slices.Concat(evaluation.Chains(evaluation.Set{Queries: inLanguage["ar"]}, words), evaluation.Chains(evaluation.Set{Queries: inLanguage["en"]}, words))
	asked, answered := 0, 0
	for _, chain := range chains {
		if chain.Kind != evaluation.ChainRemoved && chain.Kind != evaluation.ChainPronoun {
			continue
		}
		history := []corpus.Turn{{Text: chain.First}, {Role: corpus.Assistant, Cited: []corpus.ChunkID{ask(t, a, chain.First).Passages[0].Chunk.ID}}}
		found := build(t, a, corpus.ContextQuery{Query: corpus.Query{Text: chain.Text, History: history}, MaxTokens: 250})
		asked++
		if slices.ContainsFunc(answers[chain.ID], func(answer string) bool { return strings.Contains(found.Text, answer) }) {
			answered++
		}
	}
	t.Logf("%d of %d contexts of 250 tokens have the answer", answered, asked)
	if asked < 60 || answered*100 < asked*80 {
		t.Errorf("%d of %d contexts of 250 tokens have the answer, want 80 %%", answered, asked)
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

// Courtesies around a question change neither its passages nor its evidence.
func TestCourtesiesAreNoPartOfAQuestion(t *testing.T) {
	a := open(t, settings(t, nil))
	indexSeeds(t, a)
	for plain, message := range map[string]string{
		"when was the symposium on poverty reduction?": "Good morning, could you please tell me when was the symposium on poverty reduction? Thanks a lot!",
		"متى عقدت ندوة الحد من الفقر؟":                 "السلام عليكم، أريد أن أعرف متى عقدت ندوة الحد من الفقر؟ شكرا جزيلا",
	} {
		want, got := ask(t, a, plain), ask(t, a, message)
		if got.Interpreted != plain || got.Evidence != want.Evidence || got.Passages[0].Chunk.ID != want.Passages[0].Chunk.ID {
			t.Errorf("%q is asked for as %q, evidence %v, want %v", message, got.Interpreted, got.Evidence, want.Evidence)
		}
		followed := ask(t, a, "and who opened it?", corpus.Turn{Text: message})
		if alone := ask(t, a, "and who opened it?", corpus.Turn{Text: plain}); followed.Interpreted != alone.Interpreted {
			t.Errorf("after %q, asked for %q, want %q", message, followed.Interpreted, alone.Interpreted)
		}
	}
}
