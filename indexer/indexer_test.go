package indexer_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dalil/chunker"
	"dalil/corpus"
	"dalil/embedder"
	"dalil/embedder/hash"
	"dalil/indexer"
	"dalil/lexical"
	"dalil/parser"
	"dalil/store"
	"dalil/store/local"
)

// faulty embeds with hash but for texts that hold a word: poison fails alone,
// "outage" fails the whole call, "unsaid" is refused without saying which text.
type faulty struct {
	embedder.Embedder
	calls, texts int
	down         bool
}

func (f *faulty) Embed(ctx context.Context, role embedder.Role, texts []string) (embedder.Embeddings, error) {
	f.calls++
	f.texts += len(texts)
	if f.down {
		return embedder.Embeddings{}, corpus.ErrUnavailable
	}
	for i, text := range texts {
		switch {
		case strings.Contains(text, "poison"):
			return embedder.Embeddings{}, &embedder.TextError{Index: i, Err: corpus.ErrInvalid}
		case strings.Contains(text, "unsaid"):
			return embedder.Embeddings{}, corpus.ErrInvalid
		case strings.Contains(text, "outage"):
			return embedder.Embeddings{}, corpus.ErrUnavailable
		}
	}
	return f.Embedder.Embed(ctx, role, texts)
}

type fixture struct {
	deps indexer.Deps
	e    *faulty
}

func newFixture(t testing.TB) fixture {
	t.Helper()
	e := &faulty{Embedder: hash.New(hash.Options{Dimensions: 32})}
	analyzer, cutter := lexical.NewAnalyzer(), chunker.New(chunker.Options{Target: 20})
	pipeline := corpus.Pipeline{Model: "hash-32", ModelRevision: "1", Dimensions: 32, Analyzer: analyzer.Name(), Chunker: cutter.Name()}
	s, err := local.Open(t.Context(), local.Options{Dir: t.TempDir(), Pipeline: pipeline})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return fixture{indexer.Deps{
		Parser: parser.New(parser.Options{}), Chunker: cutter, Analyzer: analyzer, Embedder: e, Store: s, Pipeline: pipeline,
	}, e}
}

func text(id, body string) corpus.Raw {
	return corpus.Raw{Document: corpus.Document{ID: id, Text: body, Source: id + ".txt"}}
}

// run returns the receipts in the order of the input.
func (h fixture) run(t testing.TB, o indexer.Options, raws ...corpus.Raw) []corpus.Receipt {
	t.Helper()
	in := make(chan corpus.Raw)
	go func() {
		defer close(in)
		for _, r := range raws {
			in <- r
		}
	}()
	receipts := make([]corpus.Receipt, len(raws))
	seen := 0
	err := indexer.New(h.deps, o).Run(t.Context(), in, func(i int, r corpus.Receipt) {
		receipts[i] = r
		seen++
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen != len(raws) {
		t.Fatalf("%d receipts for %d documents", seen, len(raws))
	}
	return receipts
}

func outcomes(receipts []corpus.Receipt) string {
	var all []string
	for _, r := range receipts {
		all = append(all, r.Outcome.String())
	}
	return strings.Join(all, " ")
}

func (h fixture) held(t testing.TB) []string {
	t.Helper()
	page, err := h.deps.Store.Documents(t.Context(), "", 1000)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, d := range page {
		ids = append(ids, d.Document.ID)
	}
	return ids
}

func TestOnlyWhatChangedIsEmbedded(t *testing.T) {
	h := newFixture(t)
	a, b := text("a", "Rivers run to the sea."), text("b", "Mountains stand still.")
	if got := outcomes(h.run(t, indexer.Options{}, a, b)); got != "indexed indexed" {
		t.Fatalf("first run: %s", got)
	}
	before := h.e.texts
	if got := outcomes(h.run(t, indexer.Options{}, a, b)); got != "unchanged unchanged" || h.e.texts != before {
		t.Errorf("second run: %s, %d texts embedded", got, h.e.texts-before)
	}
	b.Document.Tags = []string{"nature"} // metadata counts too
	receipts := h.run(t, indexer.Options{}, a, b)
	if got := outcomes(receipts); got != "unchanged indexed" {
		t.Errorf("after a change of metadata: %s", got)
	}
	if r := receipts[1]; r.Chunks != 1 || r.Tokens == 0 || r.Revision == "" {
		t.Errorf("receipt: %+v", r)
	}
}

func TestABadDocumentSpoilsNoOther(t *testing.T) {
	for _, word := range []string{"poison", "unsaid"} {
		t.Run(word, func(t *testing.T) {
			h := newFixture(t)
			var raws []corpus.Raw
			for i := range 9 {
				raws = append(raws, text(fmt.Sprint("d", i), "An article about rivers."))
			}
			h.run(t, indexer.Options{}, raws...)
			for i := range raws {
				raws[i].Document.Text += " It goes on."
			}
			raws[4].Document.Text = "This one holds " + word
			raws[7].Document.Text = "   "
			receipts := h.run(t, indexer.Options{}, raws...)
			if got, want := outcomes(receipts), "indexed indexed indexed indexed failed indexed indexed failed indexed"; got != want {
				t.Errorf("outcomes %s, want %s", got, want)
			}
			if !errors.Is(receipts[4].Err, corpus.ErrInvalid) || !errors.Is(receipts[7].Err, corpus.ErrInvalid) {
				t.Errorf("errors %v and %v", receipts[4].Err, receipts[7].Err)
			}
			// A failed document keeps its old passages.
			if n := len(h.held(t)); n != 9 {
				t.Errorf("%d documents are held, want 9", n)
			}
		})
	}
}

// Some servers fall over a text and answer with a 500 for the whole call.
func TestATextThatTheEmbedderFallsOver(t *testing.T) {
	h := newFixture(t)
	h.run(t, indexer.Options{}, text("a", "Rivers."))
	receipts := h.run(t, indexer.Options{}, text("a", "outage"), text("b", "Mountains."), text("c", "Lakes."))
	if got := outcomes(receipts); got != "failed indexed indexed" || !errors.Is(receipts[0].Err, corpus.ErrUnavailable) {
		t.Errorf("outcomes %s, error %v", got, receipts[0].Err)
	}
	if diff := cmp.Diff([]string{"a", "b", "c"}, h.held(t)); diff != "" {
		t.Errorf("held (-want +got):\n%s", diff)
	}
}

func TestAnOutageFailsTheBatchAndKeepsWhatWasThere(t *testing.T) {
	h := newFixture(t)
	h.run(t, indexer.Options{}, text("a", "Rivers."))
	h.e.down = true
	receipts := h.run(t, indexer.Options{}, text("a", "Lakes."), text("b", "Mountains."))
	if got := outcomes(receipts); got != "failed failed" || !errors.Is(receipts[0].Err, corpus.ErrUnavailable) {
		t.Errorf("outcomes %s, error %v", got, receipts[0].Err)
	}
	if diff := cmp.Diff([]string{"a"}, h.held(t)); diff != "" {
		t.Errorf("held (-want +got):\n%s", diff)
	}
}

func TestTwoVersionsOfOneDocument(t *testing.T) {
	for range 5 {
		h := newFixture(t)
		var raws []corpus.Raw
		for i := range 20 {
			raws = append(raws, text("same", fmt.Sprintf("Version %d of the text.", i)))
		}
		h.run(t, indexer.Options{Batch: 3}, raws...)
		info, err := h.deps.Store.Document(t.Context(), "same")
		if err != nil {
			t.Fatal(err)
		}
		points, err := h.deps.Store.Chunks(t.Context(), []corpus.ChunkID{corpus.NewChunkID("same", info.Revision, 0)}, store.WithText)
		if err != nil || len(points) != 1 || points[0].Chunk.Text != "Version 19 of the text." {
			t.Fatalf("the last version should stay, is %+v, error %v", points, err)
		}
	}
	h := newFixture(t)
	receipts := h.run(t, indexer.Options{Unique: true}, text("same", "One."), text("other", "Two."), text("same", "Three."))
	if got := outcomes(receipts); got != "indexed indexed failed" || !strings.Contains(receipts[2].Err.Error(), "same.txt") {
		t.Errorf("unique: %s, error %v; want the last refused by name", got, receipts[2].Err)
	}
}

func TestDryRunWritesNothing(t *testing.T) {
	h := newFixture(t)
	if got := outcomes(h.run(t, indexer.Options{DryRun: true}, text("a", "Rivers."))); got != "indexed" {
		t.Errorf("outcomes %s", got)
	}
	if len(h.held(t)) != 0 || h.e.calls != 0 {
		t.Errorf("%d documents and %d calls to the model, want none", len(h.held(t)), h.e.calls)
	}
}

// One short document that arrives first must not fix the length for ever.
func TestAverageLengthDoesNotDependOnWhatArrives(t *testing.T) {
	for _, first := range []string{"rivers", strings.Repeat("rivers and mountains ", 200)} {
		h := newFixture(t)
		h.run(t, indexer.Options{}, text("a", first))
		settings, err := h.deps.Store.Settings(t.Context())
		if err != nil || settings.AverageLength != lexical.DefaultAverageLength {
			t.Errorf("average length %v, error %v, want %v", settings.AverageLength, err, lexical.DefaultAverageLength)
		}
	}
	other := newFixture(t)
	other.run(t, indexer.Options{AverageLength: 77}, text("a", "rivers"))
	if settings, err := other.deps.Store.Settings(t.Context()); err != nil || settings.AverageLength != 77 {
		t.Errorf("configured: %v, error %v", settings.AverageLength, err)
	}
}

// A stream's client waits for receipts before it sends more.
func TestLingerAnswersAStreamThatPauses(t *testing.T) {
	h := newFixture(t)
	in, got := make(chan corpus.Raw), make(chan corpus.Receipt, 1)
	done := make(chan error, 1)
	go func() {
		done <- indexer.New(h.deps, indexer.Options{Linger: time.Millisecond}).Run(t.Context(), in, func(_ int, r corpus.Receipt) { got <- r })
	}()
	for i := range 3 {
		in <- text(fmt.Sprint("d", i), "Rivers.")
		if r := <-got; r.Outcome != corpus.Indexed {
			t.Fatalf("receipt %+v", r)
		}
	}
	close(in)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

func TestACancelledRunEnds(t *testing.T) {
	h := newFixture(t)
	ctx, cancel := context.WithCancel(t.Context())
	in := make(chan corpus.Raw)
	done := make(chan error, 1)
	go func() { done <- indexer.New(h.deps, indexer.Options{}).Run(ctx, in, func(int, corpus.Receipt) {}) }()
	in <- text("a", "Rivers.")
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want %v", err, context.Canceled)
	}
}

func TestBadIDs(t *testing.T) {
	h := newFixture(t)
	for id, want := range map[string]string{"": "empty", strings.Repeat("x", 513): "512 bytes, has 513", "a\x00b": "control character", "\xff": "UTF-8"} {
		receipts := h.run(t, indexer.Options{}, text(id, "Rivers."))
		if err := receipts[0].Err; !errors.Is(err, corpus.ErrInvalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("id %q: error %v, want one that says %q", id, err, want)
		}
	}
}

func TestPruneDeletesOnlyWhatAWalkGave(t *testing.T) {
	h := newFixture(t)
	raws := []corpus.Raw{
		{Document: corpus.Document{ID: "gone", Source: "docs/gone.txt", Text: "x y z"}},
		{Document: corpus.Document{ID: "kept", Source: "docs/kept.txt", Text: "x y z"}},
		{Document: corpus.Document{ID: "sub/gone", Source: "docs/sub/gone.md", Text: "x y z"}},
		{Document: corpus.Document{ID: "r7", Source: "docs/all.jsonl:7", Text: "x y z"}},
		{Document: corpus.Document{ID: "written-by-a-client", Source: "docs/feed", Text: "x y z"}},
		{Document: corpus.Document{ID: "elsewhere", Source: "docs2/elsewhere.txt", Text: "x y z"}},
	}
	h.run(t, indexer.Options{}, raws...)
	x := indexer.New(h.deps, indexer.Options{})
	gone, err := x.Prune(t.Context(), []string{"./docs/"}, "", map[string]bool{"kept": true})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(gone)
	if diff := cmp.Diff([]string{"gone", "r7", "sub/gone"}, gone); diff != "" {
		t.Errorf("pruned (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"elsewhere", "kept", "written-by-a-client"}, h.held(t)); diff != "" {
		t.Errorf("held (-want +got):\n%s", diff)
	}
	if _, err := x.Prune(t.Context(), []string{"docs/*.txt"}, "", nil); err == nil {
		t.Error("pruned under a glob")
	}
}

func BenchmarkRun(b *testing.B) {
	h := newFixture(b)
	body := strings.Repeat("تعزيز الشبكات الدولية للمنظمات غير الحكومية للتعاون في الحد من الفقر. ", 25)
	n := 0
	for b.Loop() {
		b.StopTimer()
		var raws []corpus.Raw
		for range 500 {
			n++
			raws = append(raws, text(fmt.Sprint("d", n), fmt.Sprint(body, n)))
		}
		b.StartTimer()
		h.run(b, indexer.Options{}, raws...)
	}
	b.ReportMetric(b.Elapsed().Seconds()*1e3/float64(n), "ms/document")
}
