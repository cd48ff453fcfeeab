package searcher_test

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"dalil/conversation"
	"dalil/corpus"
	"dalil/searcher"
	"dalil/store"
)

// after asks a question after another one, whose answer cites its best passage.
func after(t *testing.T, s *searcher.Searcher, first, question string) corpus.Answer {
	t.Helper()
	cited := search(t, s, corpus.Query{Text: first}).Passages[0].Chunk.ID
	return search(t, s, corpus.Query{Text: question, History: []corpus.Turn{{Text: first}, {Role: corpus.Assistant, Cited: []corpus.ChunkID{cited}}}})
}

// A question in doubt gets words of the conversation with a small weight: what the conversation is about rises, but does
// not replace what answers the question as it is. A follow-up gets them in full.
func TestTheConversationCountsAsMuchAsItIsLikely(t *testing.T) {
	f := newFixture(t, nature)
	f.deps.Reranker = exact{}
	s := searcher.New(f.deps, searcher.Options{})
	for _, c := range []struct {
		name, first, question string
		followsUp             bool
		want                  string
	}{
		{"in doubt", "Where does snow lie on mountains?", "what floods in spring?", false, "A river floods in spring."},
		{"a follow-up", "Do fish swim in lakes?", "and in spring?", true, "Fish swim in rivers and lakes."},
	} {
		answer := after(t, s, c.first, c.question)
		if got := texts(answer); got[0] != c.want {
			t.Errorf("%s: %q, want %q first", c.name, got, c.want)
		}
		if answer.FollowsUp != c.followsUp || (answer.Interpreted == c.question) == c.followsUp {
			t.Errorf("%s: follows up %v, asked as %q", c.name, answer.FollowsUp, answer.Interpreted)
		}
	}
	about := "Rivers run to the sea."
	alone := texts(search(t, s, corpus.Query{Text: "what melts in spring?"}))
	later := texts(after(t, s, "Where do rivers run?", "what melts in spring?"))
	if slices.Index(later, about) >= slices.Index(alone, about) {
		t.Errorf("%q does not rise: %q after the conversation, %q without it", about, later, alone)
	}
}

// In slight doubt, the cited passage rises, but not above one that has every word of the question. All others keep their order.
func TestInSlightDoubtOnlyWhatIsCitedRises(t *testing.T) {
	f := newFixture(t, nature)
	f.deps.Reranker = exact{}
	s := searcher.New(f.deps, searcher.Options{})
	const question, whole, cited = "what swims in rivers?", "Fish swim in rivers and lakes.", "Snow lies on the mountains in spring."
	alone := texts(search(t, s, corpus.Query{Text: question}))
	answer := after(t, s, "Where does snow lie on mountains?", question)
	later := texts(answer)
	if answer.FollowsUp || alone[0] != whole || later[0] != whole || slices.Index(alone, cited) != 2 || later[1] != cited {
		t.Errorf("%q after the conversation (follows up: %v), %q without it; want the cited passage second instead of third", later, answer.FollowsUp, alone)
	}
	others := func(all []string) []string {
		return slices.DeleteFunc(slices.Clone(all), func(text string) bool { return text == cited })
	}
	if !slices.Equal(others(later), others(alone)) {
		t.Errorf("the others are %q after the conversation, %q without it", others(later), others(alone))
	}
}

// If nothing is reranked, nothing can gain after the ranking, so words join in slight doubt too.
func TestInSlightDoubtWordsJoinWithoutReranking(t *testing.T) {
	s := searcher.New(newFixture(t, nature).deps, searcher.Options{})
	const question, cited = "what swims in rivers?", "Snow lies on the mountains in spring."
	score := func(answer corpus.Answer) float32 {
		return answer.Passages[slices.Index(texts(answer), cited)].Scores.Fused
	}
	alone, later := score(search(t, s, corpus.Query{Text: question})), score(after(t, s, "Where does snow lie on mountains?", question))
	if later <= alone {
		t.Errorf("the cited passage has the score %v after the conversation, %v without it", later, alone)
	}
}

// counting counts the searches of a store.
type counting struct {
	store.Reader
	searches *int
}

func (c counting) Search(ctx context.Context, arms []store.ArmQuery) ([][]store.Hit, error) {
	*c.searches++
	return c.Reader.Search(ctx, arms)
}

// A question that does not certainly follow up is searched for alone. If it stands alone, that is its search.
func TestAHistoryCostsOneMoreSearchAtMost(t *testing.T) {
	f := newFixture(t, nature)
	searches := 0
	f.deps.Store = counting{f.deps.Store, &searches}
	s := searcher.New(f.deps, searcher.Options{})
	first := corpus.Turn{Text: "Do fish swim in lakes?"}
	cited := corpus.Turn{Role: corpus.Assistant, Cited: []corpus.ChunkID{search(t, s, corpus.Query{Text: first.Text}).Passages[0].Chunk.ID}}
	for _, c := range []struct {
		question string
		history  []corpus.Turn
		want     int
	}{
		{"Where does snow lie on mountains?", []corpus.Turn{first}, 1},
		{"where in spring?", []corpus.Turn{first}, 1}, // nothing is cited that could be compared
		{"tell me more", []corpus.Turn{first, cited}, 1},
		{"Where does snow lie on mountains?", []corpus.Turn{first, cited}, 1},
		{"and in spring?", []corpus.Turn{first, cited}, 1},
		{"what floods in spring?", []corpus.Turn{first, cited}, 2},
	} {
		alone := search(t, s, corpus.Query{Text: c.question})
		searches = 0
		answer := search(t, s, corpus.Query{Text: c.question, History: c.history})
		if searches != c.want {
			t.Errorf("%q after %d turns: %d searches, want %d", c.question, len(c.history), searches, c.want)
		}
		if stands := strings.HasPrefix(c.question, "Where"); stands && !slices.Equal(texts(answer), texts(alone)) {
			t.Errorf("%q after %d turns: %q, without them %q", c.question, len(c.history), texts(answer), texts(alone))
		}
	}
}

// The score that the gate computes for a cited passage is that of the lexical arm.
func TestTheLexicalScoreOfAPassage(t *testing.T) {
	f := newFixture(t, nature)
	s := searcher.New(f.deps, searcher.Options{})
	v, err := f.deps.Store.Vocabulary(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	text := "do rivers run to the sea in spring?"
	question := f.deps.Expander.Question(text, v, false)
	scored := 0
	for _, p := range search(t, s, corpus.Query{Text: text}).Passages {
		points, err := f.deps.Store.Chunks(t.Context(), []corpus.ChunkID{p.Chunk.ID}, store.WithSparse)
		if err != nil || len(points) != 1 {
			t.Fatal(err, len(points))
		}
		got := conversation.LexicalScore(question.Sparse, points[0].Sparse, v)
		if p.Scores.Lexical == nil {
			if got != 0 {
				t.Errorf("%q: %v, want none", p.Chunk.Text, got)
			}
			continue
		}
		scored++
		if want := float64(*p.Scores.Lexical); math.Abs(got-want) > 1e-3*want {
			t.Errorf("%q: %v, want %v", p.Chunk.Text, got, want)
		}
	}
	if scored < 3 {
		t.Errorf("%d passages have a score", scored)
	}
}

// hearing keeps what passages are compared with.
type hearing struct {
	exact
	question *string
}

func (h hearing) Rerank(ctx context.Context, question string, texts []string) ([]searcher.Reranking, error) {
	*h.question = question
	return h.exact.Rerank(ctx, question, texts)
}

// Passages are compared with the question alone, word by word, unless it certainly follows up: then with some words of the
// conversation too.
func TestPassagesAreComparedWithTheQuestion(t *testing.T) {
	f := newFixture(t, nature)
	var compared string
	f.deps.Reranker = hearing{question: &compared}
	s := searcher.New(f.deps, searcher.Options{})
	after(t, s, "Where does snow lie on mountains?", "does a river flood?")
	if compared != "does a river flood?" {
		t.Errorf("in doubt, passages are compared with %q", compared)
	}
	after(t, s, "Do fish swim in lakes?", "tell me more")
	if !strings.HasPrefix(compared, "tell me more fish") {
		t.Errorf("for a follow-up, passages are compared with %q", compared)
	}
}
