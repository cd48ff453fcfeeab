package indexer_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/indexer"
	"dalil/lexical"
	"dalil/store"
)

// recorder keeps what it is asked to embed.
type recorder struct {
	embedder.Embedder
	mu    sync.Mutex
	texts []string
}

func (r *recorder) Embed(ctx context.Context, role embedder.Role, texts []string) (embedder.Embeddings, error) {
	r.mu.Lock()
	r.texts = append(r.texts, texts...)
	r.mu.Unlock()
	return r.Embedder.Embed(ctx, role, texts)
}

// stored reads the passages of a document.
func (h fixture) stored(t testing.TB, id string) []store.Point {
	t.Helper()
	info, err := h.deps.Store.Document(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	var ids []corpus.ChunkID
	for i := range info.Chunks {
		ids = append(ids, corpus.NewChunkID(id, info.Revision, i))
	}
	points, err := h.deps.Store.Chunks(context.Background(), ids, store.WithText|store.WithSparse)
	if err != nil {
		t.Fatal(err)
	}
	return points
}

// A row in the middle of a table is embedded and analysed with the title, the
// headings, the caption and the header; what is stored is the row alone.
func TestRowsCarryTheirHeader(t *testing.T) {
	h := newFixture(t)
	e := &recorder{Embedder: h.deps.Embedder}
	h.deps.Embedder = e
	var b strings.Builder
	b.WriteString("# Ferries\n\n## Fares\n\nTariff of spring\nName | Price\n--- | ---\n")
	for i := range 60 {
		fmt.Fprintf(&b, "Trip number %d | %d dinars\n", i, i)
	}
	raw := corpus.Raw{Document: corpus.Document{ID: "d", Title: "Timetable", Text: b.String()}}
	if r := h.run(t, indexer.Options{}, raw); r[0].Outcome != corpus.Indexed {
		t.Fatalf("receipt: %+v", r[0])
	}
	points := h.stored(t, "d")
	last := points[len(points)-1]
	if !strings.HasPrefix(last.Chunk.Text, "Trip number") {
		t.Fatalf("the last passage is %q", last.Chunk.Text)
	}
	if diff := cmp.Diff([]string{"Ferries", "Fares"}, last.Chunk.Headings); diff != "" {
		t.Errorf("headings (-want +got):\n%s", diff)
	}
	want := "Timetable\nFerries\nFares\nTariff of spring\nName | Price\n" + last.Chunk.Text
	if !slices.Contains(e.texts, want) {
		t.Errorf("%q was not embedded, but %q", want, e.texts[len(e.texts)-1])
	}
	for _, word := range []string{"timetable", "ferries", "tariff", "price"} {
		for _, term := range h.deps.Analyzer.AppendTerms(nil, word) {
			if !slices.Contains(last.Sparse.Dimensions, lexical.Hash(term.Stem)) {
				t.Errorf("the last passage is not found by %q", word)
			}
		}
	}
}

// The passages of every document concatenate to its clean text, and
// what is embedded holds all words of what is shown.
func TestPassagesAreSlicesOfTheText(outer *testing.T) {
	h := newFixture(outer)
	e := &recorder{Embedder: h.deps.Embedder}
	h.deps.Embedder = e
	part := rapid.SampledFrom([]string{
		"# One\n\n", "## Two\n\n", "a | b\n--- | ---\n", "1 | 2\n", "```\n# x\n```\n", "A sentence of a few words. ", "جملة قصيرة من كلمات قليلة. ", "\n\n", "港口小镇。", "\u0301", "<b>", "word ",
	})
	rapid.Check(outer, func(t *rapid.T) {
		e.texts = nil
		body := "start " + strings.Join(rapid.SliceOfN(part, 1, 80).Draw(t, "parts"), "")
		parsed, err := h.deps.Parser.Parse(context.Background(), corpus.Raw{Document: corpus.Document{ID: "p", Text: body}})
		if err != nil {
			t.Fatal(err)
		}
		r := h.run(outer, indexer.Options{Force: true}, corpus.Raw{Document: corpus.Document{ID: "p", Title: "T", Text: body}})
		if r[0].Err != nil {
			t.Fatal(r[0].Err)
		}
		var b strings.Builder
		for i, p := range h.stored(outer, "p") {
			if p.Chunk.Text != parsed.Document.Text[p.Chunk.Span.Start:p.Chunk.Span.End] {
				t.Fatalf("passage %d is not its span: %q", i, p.Chunk.Text)
			}
			b.WriteString(p.Chunk.Text)
			for word := range strings.FieldsSeq(p.Chunk.Text) {
				if !strings.ContainsAny(word, "#`|-") && !strings.Contains(e.texts[i], word) {
					t.Fatalf("passage %d was embedded without %q: %q", i, word, e.texts[i])
				}
			}
		}
		if b.String() != parsed.Document.Text {
			t.Fatalf("the passages give %q, the text is %q", b.String(), parsed.Document.Text)
		}
	})
}
