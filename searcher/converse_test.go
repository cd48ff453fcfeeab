package searcher_test

import (
	"context"
	"slices"
	"strings"
	"testing"

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
		{"in doubt", "Do fish swim in lakes?", "does a river flood?", false, "A river floods in spring."},
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
	about := "Fish swim in rivers and lakes."
	alone := texts(search(t, s, corpus.Query{Text: "does a river flood?"}))
	later := texts(after(t, s, "Do fish swim in lakes?", "does a river flood?"))
	if slices.Index(later, about) >= slices.Index(alone, about) {
		t.Errorf("%q does not rise: %q after the conversation, %q without it", about, later, alone)
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

// However sure it is that a question follows up, it is searched for once.
func TestAHistoryCostsNoFurtherSearch(t *testing.T) {
	f := newFixture(t, nature)
	searches := 0
	f.deps.Store = counting{f.deps.Store, &searches}
	s := searcher.New(f.deps, searcher.Options{})
	for _, question := range []string{"Where does snow lie on mountains?", "tell me more", "where in spring?", "does a river flood?"} {
		searches = 0
		search(t, s, corpus.Query{Text: question, History: []corpus.Turn{{Text: "Do fish swim in lakes?"}}})
		if searches != 1 {
			t.Errorf("%q: %d searches", question, searches)
		}
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
	after(t, s, "Do fish swim in lakes?", "does a river flood?")
	if compared != "does a river flood?" {
		t.Errorf("in doubt, passages are compared with %q", compared)
	}
	after(t, s, "Do fish swim in lakes?", "tell me more")
	if !strings.HasPrefix(compared, "tell me more fish") {
		t.Errorf("for a follow-up, passages are compared with %q", compared)
	}
}
