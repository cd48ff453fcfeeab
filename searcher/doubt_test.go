package searcher_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"dalil/corpus"
	"dalil/searcher"
	"dalil/searcher/relevance"
	"dalil/searcher/trees"
	"dalil/store"
)

// after asks a question after another one, whose answer cites its best passage.
func after(t *testing.T, s *searcher.Searcher, first, question string) corpus.Answer {
	t.Helper()
	cited := search(t, s, corpus.Query{Text: first}).Passages[0].Chunk.ID
	return search(t, s, corpus.Query{Text: question, History: []corpus.Turn{{Text: first}, {Role: corpus.Assistant, Cited: []corpus.ChunkID{cited}}}})
}

// wholly gives a passage with all of the question the relevance .5, and others nearly none.
func wholly(t *testing.T) *relevance.Table {
	t.Helper()
	names := searcher.SignNames()
	at := slices.Index(names, "concepts")
	tree := trees.Tree{Features: [trees.Depth]int{at, at, at}, Thresholds: [trees.Depth]float32{.3, .6, .95}}
	tree.Leaves = [1 << trees.Depth]float32{-4, -4, -4, -4, -4, -4, -4, 0}
	return relevance.New("test", trees.New(names, []trees.Tree{tree}), nil, 0, relevance.Limits{Weak: .1, Sufficient: .6})
}

// A question that may follow up or not is searched for in both ways, and the best passages of
// both come first.
func TestADoubtfulQuestionIsReadInBothWays(t *testing.T) {
	f := newFixture(t, nature)
	f.deps.Reranker = exact{}
	judging := searcher.New(f.deps, searcher.Options{Relevance: byConcepts(t)})
	halfSure := searcher.New(f.deps, searcher.Options{Relevance: wholly(t)})
	unjudging := searcher.New(f.deps, searcher.Options{})
	shallow := searcher.New(f.deps, searcher.Options{Depth: 1})
	for _, c := range []struct {
		name            string
		s               *searcher.Searcher
		first, question string
		followsUp       bool
		want            []string
	}{
		{"rather stands alone", unjudging, "Do fish swim in lakes?", "does a river flood?", false, []string{"A river floods in spring.", "Fish swim in rivers and lakes."}},
		{"clearly answered as it is", judging, "Do fish swim in lakes?", "does a river flood?", false, []string{"A river floods in spring.", "Rivers run to the sea."}},
		{"the other passage is much less relevant", halfSure, "Do elephants and whales stand still?", "where is spring?", false, []string{"A river floods in spring.", "Snow lies on the mountains in spring."}},
		{"the other passage has no relevance", unjudging, "Do elephants and whales stand still?", "where is spring?", false, []string{"A river floods in spring.", "Mountains stand still."}},
		{"rather follows up", unjudging, "Do mountains stand still?", "and rivers?", true, []string{"Mountains stand still.", "Fish swim in rivers and lakes."}},
		{"has a clear answer of its own", judging, "Do mountains stand still?", "and rivers?", false, []string{"Fish swim in rivers and lakes.", "Mountains stand still."}},
		{"the other passage is no candidate", shallow, "Do fish swim in lakes?", "does a river flood?", false, []string{"A river floods in spring.", "Fish swim in rivers and lakes."}},
	} {
		answer := after(t, c.s, c.first, c.question)
		if got := texts(answer); len(got) < 2 || !slices.Equal(got[:2], c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		if answer.FollowsUp != c.followsUp || (answer.Interpreted == c.question) == c.followsUp {
			t.Errorf("%s: follows up %v, asked as %q", c.name, answer.FollowsUp, answer.Interpreted)
		}
		seen := map[corpus.ChunkID]bool{}
		for i, p := range answer.Passages {
			if seen[p.Chunk.ID] || i > 0 && p.Scores.Fused > answer.Passages[i-1].Scores.Fused {
				t.Errorf("%s: passage %d comes twice or has a higher score than the one before", c.name, i)
			}
			seen[p.Chunk.ID] = true
		}
	}
}

// The passage of the other reading keeps its own relevance, though other searches use the memory of the one that
// found it.
func TestThePassageOfTheOtherReadingHasItsOwnRelevance(t *testing.T) {
	f := newFixture(t, nature)
	f.deps.Reranker = exact{}
	s := searcher.New(f.deps, searcher.Options{Depth: 1, Relevance: byConcepts(t)})
	second := func() *float32 { return after(t, s, "Do mountains stand still?", "and rivers?").Passages[1].Relevance }
	want := second()
	if want == nil {
		t.Fatal("the second passage has no relevance")
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 50 {
				if got := second(); got == nil || *got != *want {
					t.Errorf("the second passage has no relevance, or another one than %v", *want)
				}
				search(t, s, corpus.Query{Text: "Do fish swim in lakes?"})
			}
		})
	}
	all.Wait()
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

// Only doubt costs a second search.
func TestASureReadingSearchesOnce(t *testing.T) {
	f := newFixture(t, nature)
	searches := 0
	f.deps.Store = counting{f.deps.Store, &searches}
	s := searcher.New(f.deps, searcher.Options{})
	count := func(q corpus.Query) int {
		searches = 0
		search(t, s, q)
		return searches
	}
	history := []corpus.Turn{{Text: "Do fish swim in lakes?"}}
	once := count(corpus.Query{Text: "Where does snow lie on mountains?"})
	for _, c := range []struct {
		question string
		doubtful bool
	}{{"Where does snow lie on mountains?", false}, {"tell me more", false}, {"where in spring?", true}} {
		got := count(corpus.Query{Text: c.question, History: history})
		if (got > once) != c.doubtful || got > 2*once {
			t.Errorf("%q: %d searches; a question without a history needs %d", c.question, got, once)
		}
	}
}

// deepest keeps the most texts that one call reranks, and how many calls there are.
type deepest struct {
	exact
	calls *[]int
}

func (d deepest) Rerank(ctx context.Context, query string, texts []string) ([]searcher.Reranking, error) {
	*d.calls = append(*d.calls, len(texts))
	return d.exact.Rerank(ctx, query, texts)
}

// The other reading of a question in doubt gives one passage to the answer, so few passages are reranked for it.
func TestTheOtherReadingIsRerankedLessDeep(t *testing.T) {
	many := map[string][]string{}
	for i := range 40 {
		many[fmt.Sprint(i)] = []string{fmt.Sprintf("Fish number %d swims in a lake in spring.", i)}
	}
	f := newFixture(t, many)
	var calls []int
	f.deps.Reranker = deepest{calls: &calls}
	s := searcher.New(f.deps, searcher.Options{})
	search(t, s, corpus.Query{Text: "where in spring?", History: []corpus.Turn{{Text: "Do fish swim in lakes?"}}})
	slices.Sort(calls)
	if len(calls) != 2 || calls[0] > 10 || calls[1] < 40 {
		t.Errorf("passages that each call reranked: %v, want at most 10 and all 40", calls)
	}
}
