package grounding_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"dalil/chunker"
	"dalil/corpus"
	"dalil/grounding"
	"dalil/searcher"
	"dalil/store"
)

// library answers every question with the passages that it was given, in their
// order, and reads the chunks of its documents.
type library struct {
	texts    map[string]string // document id → clean text
	chunks   map[corpus.ChunkID]corpus.Chunk
	answer   corpus.Answer
	question string
}

// newLibrary cuts documents at the line "---".
func newLibrary(documents ...[2]string) *library {
	l := &library{texts: map[string]string{}, chunks: map[corpus.ChunkID]corpus.Chunk{}}
	for _, d := range documents {
		var spans []corpus.Span
		text := ""
		for part := range strings.SplitAfterSeq(d[1], "\f") {
			part = strings.TrimSuffix(part, "\f")
			spans = append(spans, corpus.Span{Start: len(text), End: len(text) + len(part)})
			text += part
		}
		l.texts[d[0]] = text
		for _, c := range corpus.Chunks(d[0], "r1", text, spans) {
			l.chunks[c.ID] = c
		}
	}
	return l
}

// finds makes the chunks, named "document/ordinal", the answer to every question;
// scores fall by one from each to the next.
func (l *library) finds(names ...string) *library {
	for i, name := range names {
		document, ordinal, _ := strings.Cut(name, "/")
		n := 0
		fmt.Sscan(ordinal, &n)
		chunk, held := l.chunks[corpus.NewChunkID(document, "r1", n)]
		if !held {
			panic("there is no chunk " + name)
		}
		l.answer.Passages = append(l.answer.Passages, corpus.Passage{
			Rank: i + 1, Chunk: chunk, Document: corpus.Document{ID: document, Title: "Title of " + document, URL: "https://example.org/" + document},
			Scores: corpus.Scores{Fused: float32(-i) / 4},
		})
	}
	l.answer.Candidates = len(names)
	return l
}

func (l *library) Search(_ context.Context, q corpus.Query) (corpus.Answer, error) {
	l.question = q.Text
	a := l.answer
	a.Passages = slices.Clone(a.Passages[:min(len(a.Passages), q.Limit)])
	return a, nil
}

func (l *library) Chunks(_ context.Context, ids []corpus.ChunkID, with store.Fields) ([]store.Point, error) {
	if with&store.WithText == 0 {
		panic("chunks without text were asked for")
	}
	var points []store.Point
	for _, id := range ids {
		if c, held := l.chunks[id]; held {
			points = append(points, store.Point{Chunk: c})
		}
	}
	return points, nil
}

// Rerank scores a text by the words that it shares with the question.
func (l *library) Rerank(_ context.Context, query string, texts []string) ([]searcher.Reranking, error) {
	words := strings.Fields(strings.ToLower(query))
	all := make([]searcher.Reranking, len(texts))
	for i, text := range texts {
		for _, w := range words {
			if strings.Contains(strings.ToLower(text), w) {
				all[i].Late += 1 / float32(len(words))
			}
		}
	}
	return all, nil
}

func (l *library) build(t testing.TB, q corpus.ContextQuery) corpus.ContextAnswer {
	t.Helper()
	if q.Text == "" {
		q.Text = "question"
	}
	b := grounding.New(grounding.Deps{Search: l, Read: l, Sentences: l}, grounding.Options{})
	answer, err := b.Build(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	l.check(t, q, answer)
	return answer
}

type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

// check holds for every context.
func (l *library) check(t fataler, q corpus.ContextQuery, answer corpus.ContextAnswer) {
	t.Helper()
	most := q.MaxTokens
	if most == 0 {
		most = corpus.DefaultContextTokens
	}
	if n := (grounding.Estimate{}).Count(answer.Text); n != answer.Tokens || n > most {
		t.Fatalf("the text has %d tokens, the answer says %d, the budget is %d:\n%s", n, answer.Tokens, most, answer.Text)
	}
	if !utf8.ValidString(answer.Text) || (answer.Text == "") != (len(answer.Blocks) == 0) {
		t.Fatalf("%d blocks and the text %q", len(answer.Blocks), answer.Text)
	}
	in := map[corpus.ChunkID]bool{}
	perDocument := map[string]int{}
	taken := map[string][]corpus.Span{}
	for i, b := range answer.Blocks {
		text := l.texts[b.Document.ID]
		if b.Text == "" || b.Text != text[b.Span.Start:b.Span.End] || b.Text != strings.TrimSpace(b.Text) {
			t.Fatalf("block %d of %s is %q at %v of\n%q", i, b.Document.ID, b.Text, b.Span, text)
		}
		if b.Citation != fmt.Sprint(i+1) || b.Document.Text != "" || b.Revision != "r1" {
			t.Fatalf("block %d: citation %q, document %+v, revision %q", i, b.Citation, b.Document, b.Revision)
		}
		if n := (grounding.Estimate{}).Count(b.Text); b.Tokens != n {
			t.Fatalf("block %d has %d tokens, says %d", i, n, b.Tokens)
		}
		l.whole(t, b)
		for _, other := range taken[b.Document.ID] {
			if b.Span.Start < other.End && other.Start < b.Span.End {
				t.Fatalf("%v and %v of %s overlap", b.Span, other, b.Document.ID)
			}
		}
		taken[b.Document.ID] = append(taken[b.Document.ID], b.Span)
		for _, id := range b.Passages {
			if !in[id] {
				in[id] = true
				perDocument[b.Document.ID]++
			}
		}
	}
	for document, n := range perDocument {
		if q.MaxPerDocument > 0 && n > q.MaxPerDocument {
			t.Fatalf("%d passages of %s, more than %d", n, document, q.MaxPerDocument)
		}
	}
	left := map[corpus.ChunkID]bool{}
	for _, d := range answer.Dropped {
		if in[d.Passage] || left[d.Passage] || d.Reason == 0 {
			t.Fatalf("%v was dropped (%v), and is in the context or was dropped before", d.Passage, d.Reason)
		}
		left[d.Passage] = true
	}
	for _, p := range l.answer.Passages[:min(len(l.answer.Passages), grounding.Candidates(most))] {
		if !in[p.Chunk.ID] && !left[p.Chunk.ID] {
			t.Fatalf("%v is neither in the context nor dropped", p.Chunk.ID)
		}
	}
}

// whole fails where a block begins or ends within a sentence of its passages.
func (l *library) whole(t fataler, b corpus.ContextBlock) {
	t.Helper()
	starts, ends := map[int]bool{}, map[int]bool{}
	for _, c := range l.chunks {
		if c.DocumentID != b.Document.ID {
			continue
		}
		for _, s := range chunker.Sentences(c.Text) {
			text := c.Text[s.Start:s.End]
			start := c.Span.Start + s.Start + len(text) - len(strings.TrimLeft(text, " \n\t\r"))
			starts[start], ends[c.Span.Start+s.Start+len(strings.TrimRight(text, " \n\t\r"))] = true, true
		}
	}
	if !starts[b.Span.Start] || !ends[b.Span.End] {
		t.Fatalf("%q at %v is not made of whole sentences", b.Text, b.Span)
	}
}

func reasons(answer corpus.ContextAnswer) (all []string) {
	for _, d := range answer.Dropped {
		all = append(all, d.Reason.String())
	}
	return all
}

func texts(answer corpus.ContextAnswer) (all []string) {
	for _, b := range answer.Blocks {
		all = append(all, b.Text)
	}
	return all
}
