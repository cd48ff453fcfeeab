package searcher_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/embedder/hash"
	"dalil/lexical"
	"dalil/searcher"
	"dalil/store"
	"dalil/store/local"
)

// broken is an embedder that is down.
type broken struct{ embedder.Embedder }

func (broken) Embed(context.Context, embedder.Role, []string) (embedder.Embeddings, error) {
	return embedder.Embeddings{}, fmt.Errorf("%w: connection refused", corpus.ErrUnavailable)
}

type fixture struct {
	deps  searcher.Deps
	store *local.Store
}

// articles become one document each, a sentence a chunk.
func newFixture(t *testing.T, articles map[string][]string) fixture {
	t.Helper()
	e := hash.New(hash.Options{Dimensions: 64})
	a := lexical.NewAnalyzer()
	p := corpus.Pipeline{Model: "hash", Dimensions: 64}
	s, err := local.Open(t.Context(), local.Options{Dir: t.TempDir(), Pipeline: p})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if _, err := s.Create(t.Context(), store.Settings{Pipeline: p, AverageLength: 5}); err != nil {
		t.Fatal(err)
	}
	f := fixture{searcher.Deps{Store: s, Embedder: e, Analyzer: a, Expander: lexical.NewExpander(a, nil, lexical.ExpandOptions{})}, s}
	for id, sentences := range articles {
		f.put(t, id, "1", sentences)
	}
	return f
}

func (f fixture) put(t *testing.T, id, revision string, sentences []string) {
	t.Helper()
	encoder := lexical.NewEncoder(f.deps.Analyzer, 5)
	entry := store.Entry{Document: corpus.Document{ID: id, Title: "On " + id, Language: "en", Tags: []string{id}}, Fingerprint: revision}
	text, spans := "", []corpus.Span(nil)
	for _, s := range sentences {
		spans = append(spans, corpus.Span{Start: len(text), End: len(text) + len(s)})
		text += s
	}
	for _, c := range corpus.Chunks(id, revision, text, spans) {
		answer, err := f.deps.Embedder.Embed(t.Context(), embedder.Passage, []string{c.Text})
		if err != nil {
			t.Fatal(err)
		}
		entry.Points = append(entry.Points, store.Point{Chunk: c, Dense: answer.Vectors[0], Sparse: encoder.Passage("", c.Text)})
	}
	if err := f.store.Put(t.Context(), []store.Entry{entry}); err != nil {
		t.Fatal(err)
	}
}

var nature = map[string][]string{
	"rivers":    {"Rivers run to the sea. ", "A river floods in spring. ", "Fish swim in rivers and lakes."},
	"mountains": {"Mountains stand still. ", "Snow lies on the mountains in spring."},
	"arabic":    {"تجري الأنهار إلى البحر. ", "الجبال عالية."},
}

func search(t *testing.T, s *searcher.Searcher, q corpus.Query) corpus.Answer {
	t.Helper()
	answer, err := s.Search(t.Context(), q)
	if err != nil {
		t.Fatalf("search %+v: %v", q, err)
	}
	return answer
}

func texts(answer corpus.Answer) []string {
	var all []string
	for _, p := range answer.Passages {
		all = append(all, strings.TrimSpace(p.Chunk.Text))
	}
	return all
}

func ptr(x float32) *float32 { return &x }

func TestScoresAreHonest(t *testing.T) {
	s := searcher.New(newFixture(t, nature).deps, searcher.Options{})
	both := search(t, s, corpus.Query{Text: "rivers floods"})
	first := both.Passages[0]
	if got := strings.TrimSpace(first.Chunk.Text); got != "A river floods in spring." {
		t.Errorf("first is %q", got)
	}
	if sc := first.Scores; sc.Dense == nil || sc.Lexical == nil || sc.Coverage == nil || *sc.Coverage != 1 || sc.LexicalRank != 1 || sc.Rerank != nil {
		t.Errorf("scores of the first: %+v", sc)
	}
	if first.Document.Title != "On rivers" || len(first.Highlights) != 2 {
		t.Errorf("document %+v, highlights %v", first.Document, first.Highlights)
	}
	for _, p := range both.Passages {
		if strings.Contains(p.Chunk.Text, "Mountains stand") && (p.Scores.Lexical != nil || *p.Scores.Coverage != 0) {
			t.Errorf("a passage without the words has lexical scores: %+v", p.Scores)
		}
	}
	for _, p := range search(t, s, corpus.Query{Text: "rivers", Arms: []corpus.Arm{corpus.Dense}}).Passages {
		if p.Scores.Lexical != nil || p.Scores.Coverage != nil || p.Scores.Dense == nil {
			t.Errorf("dense arm alone: %+v", p.Scores)
		}
	}
	lexical := search(t, s, corpus.Query{Text: "rivers", Arms: []corpus.Arm{corpus.Lexical}})
	if len(lexical.Passages) != 3 || lexical.TopDense != nil {
		t.Errorf("lexical arm alone: %d passages, top dense %v", len(lexical.Passages), lexical.TopDense)
	}
	if got := search(t, s, corpus.Query{Text: "the and of", Arms: []corpus.Arm{corpus.Lexical}}); len(got.Passages) == 0 {
		t.Error("a question of stop words alone found nothing")
	}
}

func TestThresholdsCutTheirOwnArm(t *testing.T) {
	s := searcher.New(newFixture(t, nature).deps, searcher.Options{})
	strict := search(t, s, corpus.Query{Text: "rivers floods", MinDense: ptr(1), MinCoverage: ptr(.9)})
	if got := texts(strict); !slices.Equal(got, []string{"A river floods in spring."}) {
		t.Errorf("both thresholds: %q", got)
	}
	if strict.Passages[0].Scores.Dense != nil {
		t.Error("the dense arm refused the passage and still gives it a score")
	}
	open := search(t, s, corpus.Query{Text: "rivers floods", MinCoverage: ptr(.9)})
	if len(open.Passages) != 7 {
		t.Errorf("a threshold on one arm left %d passages, the other arm keeps all 7", len(open.Passages))
	}
}

func TestPagesFollowEachOther(t *testing.T) {
	s := searcher.New(newFixture(t, nature).deps, searcher.Options{})
	whole := search(t, s, corpus.Query{Text: "rivers in spring", Limit: 7})
	var paged []string
	for offset := 0; ; offset += 2 {
		page := search(t, s, corpus.Query{Text: "rivers in spring", Limit: 2, Offset: offset})
		for i, p := range page.Passages {
			if p.Rank != offset+i+1 {
				t.Errorf("passage %d of the page at %d has rank %d", i, offset, p.Rank)
			}
		}
		paged = append(paged, texts(page)...)
		if !page.More {
			break
		}
	}
	if diff := cmp.Diff(texts(whole), paged); diff != "" {
		t.Errorf("pages (-whole +paged):\n%s", diff)
	}
	if beyond := search(t, s, corpus.Query{Text: "rivers", Offset: 500}); len(beyond.Passages) != 0 || beyond.More {
		t.Errorf("beyond the end: %+v", beyond)
	}
}

func TestAnEmbedderThatIsDown(t *testing.T) {
	f := newFixture(t, nature)
	f.deps.Embedder = broken{f.deps.Embedder}
	s := searcher.New(f.deps, searcher.Options{})
	answer := search(t, s, corpus.Query{Text: "rivers"})
	if !slices.Equal(answer.Degraded, []corpus.Arm{corpus.Dense}) || len(answer.Passages) != 3 {
		t.Errorf("degraded %v, %d passages; want the lexical arm's answer", answer.Degraded, len(answer.Passages))
	}
	if _, err := s.Search(t.Context(), corpus.Query{Text: "rivers", Arms: []corpus.Arm{corpus.Dense}}); !errors.Is(err, corpus.ErrUnavailable) {
		t.Errorf("dense only: error %v, want %v", err, corpus.ErrUnavailable)
	}
	strict := searcher.New(f.deps, searcher.Options{RequireAllArms: true})
	if _, err := strict.Search(t.Context(), corpus.Query{Text: "rivers"}); !errors.Is(err, corpus.ErrUnavailable) {
		t.Errorf("all arms required: error %v, want %v", err, corpus.ErrUnavailable)
	}
}

// hangs answers when its caller has gone.
type hangs struct{ embedder.Embedder }

func (hangs) Embed(ctx context.Context, _ embedder.Role, _ []string) (embedder.Embeddings, error) {
	<-ctx.Done()
	return embedder.Embeddings{}, ctx.Err()
}

func TestAnEmbedderThatHangs(t *testing.T) {
	f := newFixture(t, nature)
	f.deps.Embedder = hangs{f.deps.Embedder}
	s := searcher.New(f.deps, searcher.Options{})
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	answer, err := s.Search(ctx, corpus.Query{Text: "rivers"})
	if err != nil || !slices.Equal(answer.Degraded, []corpus.Arm{corpus.Dense}) || len(answer.Passages) != 3 {
		t.Errorf("degraded %v, %d passages, %v; want the lexical arm's answer within the caller's time", answer.Degraded, len(answer.Passages), err)
	}
	short, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := s.Search(short, corpus.Query{Text: "rivers", Arms: []corpus.Arm{corpus.Dense}}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("dense only: %v, want the caller's deadline", err)
	}
}

func TestFiltersReachBothArms(t *testing.T) {
	s := searcher.New(newFixture(t, nature).deps, searcher.Options{})
	filter := corpus.Filter{In: &corpus.In{Field: corpus.FieldTag, Values: []string{"mountains"}}}
	for _, p := range search(t, s, corpus.Query{Text: "rivers in spring", Filter: filter}).Passages {
		if p.Document.ID != "mountains" {
			t.Errorf("answered with %s", p.Document.ID)
		}
	}
}

func TestNeighboursStandInReadingOrder(t *testing.T) {
	s := searcher.New(newFixture(t, nature).deps, searcher.Options{})
	first := search(t, s, corpus.Query{Text: "floods", Limit: 1, Neighbours: 2}).Passages[0]
	joined := ""
	for _, c := range slices.Concat(first.Before, []corpus.Chunk{first.Chunk}, first.After) {
		joined += c.Text
	}
	if want := strings.Join(nature["rivers"], ""); joined != want {
		t.Errorf("passage with neighbours is %q, want %q", joined, want)
	}
	again, err := s.Passages(t.Context(), []corpus.ChunkID{first.Chunk.ID, corpus.NewChunkID("no", "such", 1)}, 2, corpus.FullView)
	if err != nil || len(again) != 1 || len(again[0].Before) != 1 || len(again[0].After) != 1 {
		t.Errorf("passages by id: %+v, error %v", again, err)
	}
}

// vanishing loses a document between the search and the reading of its text.
type vanishing struct {
	store.Reader
	lose string
}

func (v vanishing) Chunks(ctx context.Context, ids []corpus.ChunkID, with store.Fields) ([]store.Point, error) {
	points, err := v.Reader.Chunks(ctx, ids, with)
	return slices.DeleteFunc(points, func(p store.Point) bool { return p.Chunk.DocumentID == v.lose }), err
}

func TestAPageIsRefilledWhenPassagesVanish(t *testing.T) {
	f := newFixture(t, nature)
	f.deps.Store = vanishing{f.store, "rivers"}
	answer := search(t, searcher.New(f.deps, searcher.Options{}), corpus.Query{Text: "rivers in spring", Limit: 3})
	if len(answer.Passages) != 3 {
		t.Errorf("%d passages, want the page filled with 3 that are still there", len(answer.Passages))
	}
	for i, p := range answer.Passages {
		if p.Document.ID == "rivers" || p.Rank != i+1 {
			t.Errorf("passage %d: document %s, rank %d", i, p.Document.ID, p.Rank)
		}
	}
}

// reversing likes what the arms like least.
type reversing struct{}

func (reversing) Rerank(_ context.Context, _ string, texts []string) ([]searcher.Reranking, error) {
	ranked := make([]searcher.Reranking, len(texts))
	for i := range ranked {
		ranked[i] = searcher.Reranking{Late: float32(i * 100), Sentence: float32(i * 100)}
	}
	return ranked, nil
}

type failing struct{}

func (failing) Rerank(context.Context, string, []string) ([]searcher.Reranking, error) {
	return nil, errors.New("out of order")
}

func TestTheRerankerReordersTheBestOnly(t *testing.T) {
	f := newFixture(t, nature)
	off := false
	plain := texts(search(t, searcher.New(f.deps, searcher.Options{}), corpus.Query{Text: "rivers in spring"}))
	f.deps.Reranker = failing{}
	failed := search(t, searcher.New(f.deps, searcher.Options{}), corpus.Query{Text: "rivers in spring", AnyLanguage: true})
	if got := texts(failed); !slices.Equal(got, plain) {
		t.Errorf("a reranker that fails: %q, want the arms' order %q", got, plain)
	}
	if !slices.Equal(failed.DegradedStages, []corpus.Stage{corpus.StageRerank}) {
		t.Errorf("a reranker that fails: degraded stages %v, want %s", failed.DegradedStages, corpus.StageRerank)
	}
	f.deps.Reranker = reversing{}
	weights := &searcher.Weights{Dense: .001, Lexical: .001, Late: 1, Sentence: 1}
	s := searcher.New(f.deps, searcher.Options{RerankDepth: 3, Weights: weights})
	answer := search(t, s, corpus.Query{Text: "rivers in spring"})
	got := texts(answer)
	before := texts(search(t, s, corpus.Query{Text: "rivers in spring", Rerank: &off}))
	want := slices.Clone(before)
	slices.Reverse(want[:3])
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
	for i := 1; i < len(answer.Passages); i++ {
		if answer.Passages[i].Scores.Fused > answer.Passages[i-1].Scores.Fused {
			t.Errorf("rank %d shows a higher score than the one before", i+1)
		}
	}
}

func TestRRFIsThereOnRequest(t *testing.T) {
	s := searcher.New(newFixture(t, nature).deps, searcher.Options{})
	first := search(t, s, corpus.Query{Text: "rivers floods", Fusion: corpus.Fusion{Method: corpus.RRF, K: 10}}).Passages[0]
	want := float32(1/(10+float64(first.Scores.DenseRank)) + 1/(10+float64(first.Scores.LexicalRank)))
	if diff := first.Scores.Fused - want; diff > 1e-6 || diff < -1e-6 {
		t.Errorf("fused %v, want %v from ranks %d and %d", first.Scores.Fused, want, first.Scores.DenseRank, first.Scores.LexicalRank)
	}
}

func TestAnEmptyIndexAnswersNothing(t *testing.T) {
	s := searcher.New(newFixture(t, nil).deps, searcher.Options{})
	if answer := search(t, s, corpus.Query{Text: "rivers"}); len(answer.Passages) != 0 {
		t.Errorf("found %q", texts(answer))
	}
}

func TestQueriesThatCantBeAsked(t *testing.T) {
	s := searcher.New(newFixture(t, nil).deps, searcher.Options{})
	for field, q := range map[string]corpus.Query{
		"query":                {Text: " \n"},
		"page_size":            {Text: "x", Limit: -1},
		"offset":               {Text: "x", Offset: -1},
		"neighbours":           {Text: "x", Neighbours: 6},
		"arms":                 {Text: "x", Arms: []corpus.Arm{9}},
		"min_dense_similarity": {Text: "x", MinDense: ptr(2)},
		"min_lexical_coverage": {Text: "x", MinCoverage: ptr(-1)},
		"fusion.k":             {Text: "x", Fusion: corpus.Fusion{K: -1}},
		"fusion":               {Text: "x", Fusion: corpus.Fusion{DenseWeight: ptr(0), LexicalWeight: ptr(0)}},
		"filter":               {Text: "x", Filter: corpus.Filter{Published: &corpus.Published{}}},
	} {
		_, err := s.Search(t.Context(), q)
		var invalid *corpus.InvalidError
		if !errors.As(err, &invalid) || !strings.HasPrefix(invalid.Violations[0].Field, field) {
			t.Errorf("%s: error %v", field, err)
		}
	}
}
