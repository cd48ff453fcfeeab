package searcher_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/searcher"
)

// recorded keeps the calls of an embedder, and fails those that refuse names.
type recorded struct {
	embedder.Embedder
	mu     sync.Mutex
	calls  [][]string
	refuse func(texts []string) error
}

func (c *recorded) Embed(ctx context.Context, role embedder.Role, texts []string) (embedder.Embeddings, error) {
	c.mu.Lock()
	c.calls = append(c.calls, slices.Clone(texts))
	c.mu.Unlock()
	if c.refuse != nil {
		if err := c.refuse(texts); err != nil {
			return embedder.Embeddings{}, err
		}
	}
	return c.Embedder.Embed(ctx, role, texts)
}

type result struct {
	Answer corpus.Answer
	Err    error
}

func searchAll(ctx context.Context, s *searcher.Searcher, queries []corpus.Query) []result {
	results := make([]result, len(queries))
	s.SearchAll(ctx, queries, func(i int, a corpus.Answer, err error) {
		a.Timings = nil
		results[i] = result{a, err}
	})
	return results
}

var several = []corpus.Query{
	{Text: "rivers"},
	{Text: "snow in spring", Limit: 1},
	{Text: "sea", Arms: []corpus.Arm{corpus.Lexical}},
	{Text: "and on mountains?", History: []corpus.Turn{{Text: "Where does snow lie?"}}},
	{Text: "fish", Limit: -1},
	{Text: "lakes", Debug: true},
}

// A batch embeds all its texts in one call, and answers as Search does.
func TestSearchAllEmbedsOnce(t *testing.T) {
	f := newFixture(t, nature)
	e := &recorded{Embedder: f.deps.Embedder}
	f.deps.Embedder = e
	s := searcher.New(f.deps, searcher.Options{})
	got := searchAll(t.Context(), s, several)
	want := [][]string{{"rivers", "snow in spring", "and on mountains?", "Where does snow lie?", "lakes"}}
	if diff := cmp.Diff(want, e.calls); diff != "" {
		t.Errorf("embedded texts (-want +got):\n%s", diff)
	}
	for i, q := range several {
		a, err := s.Search(t.Context(), q)
		a.Timings = nil
		if (err == nil) != (got[i].Err == nil) || err != nil && err.Error() != got[i].Err.Error() {
			t.Errorf("query %d: error %v, alone %v", i, got[i].Err, err)
		}
		if diff := cmp.Diff(a, got[i].Answer); err == nil && diff != "" {
			t.Errorf("query %d (-alone +batch):\n%s", i, diff)
		}
	}
}

// A text that the embedder refuses is embedded alone, so that the others have their
// vectors.
func TestSearchAllEmbedsAloneWhatIsRefusedTogether(t *testing.T) {
	f := newFixture(t, nature)
	e := &recorded{Embedder: f.deps.Embedder, refuse: func(texts []string) error {
		if i := slices.Index(texts, "sea"); i >= 0 {
			return &embedder.TextError{Index: i, Err: corpus.Errorf(corpus.ErrInvalid, "too long")}
		}
		return nil
	}}
	f.deps.Embedder = e
	s := searcher.New(f.deps, searcher.Options{RequireAllArms: true})
	got := searchAll(t.Context(), s, []corpus.Query{{Text: "rivers"}, {Text: "sea"}})
	if got[0].Err != nil || len(got[0].Answer.Passages) == 0 || got[0].Answer.TopDense == nil {
		t.Errorf("the good query: %+v", got[0])
	}
	if !errors.Is(got[1].Err, corpus.ErrInvalid) {
		t.Errorf("the refused query: %v", got[1].Err)
	}
}

// Without the embedder, words answer, and the embedder is called once.
func TestSearchAllDegrades(t *testing.T) {
	f := newFixture(t, nature)
	e := &recorded{Embedder: broken{f.deps.Embedder}}
	f.deps.Embedder = e
	for i, r := range searchAll(t.Context(), searcher.New(f.deps, searcher.Options{}), []corpus.Query{{Text: "rivers"}, {Text: "sea"}}) {
		if r.Err != nil || len(r.Answer.Passages) == 0 || !slices.Equal(r.Answer.Degraded, []corpus.Arm{corpus.Dense}) {
			t.Errorf("query %d: %+v", i, r)
		}
	}
	if len(e.calls) != 1 {
		t.Errorf("the embedder was called %d times", len(e.calls))
	}
}

// Queries that are left when the caller cancels get its error, and a panic fails one
// query alone.
func TestSearchAllFailsQueriesAlone(t *testing.T) {
	f := newFixture(t, nature)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for i, r := range searchAll(ctx, searcher.New(f.deps, searcher.Options{}), []corpus.Query{{Text: "rivers"}, {Text: "sea"}}) {
		if !errors.Is(r.Err, context.Canceled) {
			t.Errorf("query %d after the end: %v", i, r.Err)
		}
	}
	f.deps.Reranker = panicking{}
	rerank := true
	got := searchAll(t.Context(), searcher.New(f.deps, searcher.Options{}), []corpus.Query{{Text: "rivers", Rerank: &rerank}, {Text: "sea", Rerank: new(bool)}})
	if got[0].Err == nil || !strings.Contains(got[0].Err.Error(), "panic") || got[1].Err != nil {
		t.Errorf("a panic: %v, beside it %v", got[0].Err, got[1].Err)
	}
}

type panicking struct{}

func (panicking) Rerank(context.Context, string, []string) ([]searcher.Reranking, error) {
	panic("reranker")
}
