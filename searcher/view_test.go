package searcher_test

import (
	"context"
	"strings"
	"testing"

	"dalil/corpus"
	"dalil/searcher"
	"dalil/store"
	"dalil/store/local"
)

// counted counts the passages whose text is read.
type counted struct {
	*local.Store
	texts int
}

func (c *counted) Chunks(ctx context.Context, ids []corpus.ChunkID, with store.Fields) ([]store.Point, error) {
	if with&(store.WithText|store.WithDocument) != 0 {
		c.texts += len(ids)
	}
	return c.Store.Chunks(ctx, ids, with)
}

func TestViews(t *testing.T) {
	f := newFixture(t, map[string][]string{
		"rivers":    {"Rivers run to the sea, as everybody knows. A river floods in spring. Fish swim in lakes. ", "Nothing is said here. "},
		"mountains": {"Mountains stand still. Snow lies on them. "},
		"arabic":    {"الجبال عالية. تجري الأنهار إلى البحر كل يوم. الطيور تغني. "},
	})
	c := &counted{Store: f.store}
	f.deps.Store = c
	s := searcher.New(f.deps, searcher.Options{})
	full := search(t, s, corpus.Query{Text: "floods of a river", Neighbours: 1})
	first := full.Passages[0]
	if got := first.Chunk.Text[first.BestSentence.Start:first.BestSentence.End]; got != "A river floods in spring." {
		t.Errorf("the best sentence is %q", got)
	}
	if !strings.Contains(first.Snippet, "A river floods in spring.") || !strings.Contains(first.Chunk.Text, first.Snippet) {
		t.Errorf("the snippet is %q", first.Snippet)
	}
	if arabic := search(t, s, corpus.Query{Text: "إلى أين تجري الأنهار؟"}).Passages[0]; arabic.Chunk.Text[arabic.BestSentence.Start:arabic.BestSentence.End] != "تجري الأنهار إلى البحر كل يوم." {
		t.Errorf("the best sentence is %q", arabic.Chunk.Text[arabic.BestSentence.Start:arabic.BestSentence.End])
	}
	for _, view := range []corpus.View{corpus.SnippetView, corpus.IDsView, corpus.TextView} {
		c.texts = 0
		got := search(t, s, corpus.Query{Text: "floods of a river", Neighbours: 1, View: view})
		if len(got.Passages) != len(full.Passages) {
			t.Fatalf("view %d has %d passages, want %d", view, len(got.Passages), len(full.Passages))
		}
		for i, p := range got.Passages {
			want := full.Passages[i]
			if p.Chunk.ID != want.Chunk.ID || p.Chunk.DocumentID != want.Chunk.DocumentID || p.Scores.Fused != want.Scores.Fused {
				t.Errorf("view %d, passage %d: %+v, want %+v", view, i, p, want)
			}
			if (p.Snippet != "") != (view == corpus.SnippetView) || (len(p.Before)+len(p.After) > 0) && view != corpus.TextView || view == corpus.IDsView && (p.Chunk.Text != "" || p.Document.ID != "") {
				t.Errorf("view %d, passage %d has %+v", view, i, p)
			}
		}
		matches := got.Passages[0].Matches
		if (len(matches) > 0) != (view == corpus.TextView) {
			t.Errorf("view %d has the matches %+v", view, matches)
		}
		words := map[int]float32{}
		for _, m := range matches {
			words[m.Word] = max(words[m.Word], m.Weight)
			if text := got.Passages[0].Chunk.Text[m.Span.Start:m.Span.End]; !strings.Contains("floods of a river", strings.TrimSuffix(strings.ToLower(text), "s")) {
				t.Errorf("%q is no word of the question", text)
			}
		}
		var sum float32
		for _, weight := range words {
			sum += weight
		}
		if view == corpus.TextView && (sum <= 0.2 || sum > 1.001) {
			t.Errorf("the words of the passage have %v of the question's weight: %+v", sum, matches)
		}
		if view == corpus.IDsView && c.texts > 0 {
			t.Errorf("%d texts were read for ids alone", c.texts)
		}
	}
	c.texts = 0
	passages, err := s.Passages(t.Context(), []corpus.ChunkID{first.Chunk.ID}, 1, corpus.IDsView)
	if err != nil || len(passages) != 1 || passages[0].Chunk.DocumentID != "rivers" || passages[0].Chunk.Text != "" || c.texts > 0 {
		t.Errorf("ids of passages: %+v, error %v, %d texts read", passages, err, c.texts)
	}
	passages, err = s.Passages(t.Context(), []corpus.ChunkID{first.Chunk.ID}, 1, corpus.SnippetView)
	if err != nil || len(passages) != 1 || !strings.HasPrefix(passages[0].Snippet, "Rivers run") || passages[0].After != nil {
		t.Errorf("snippets of passages: %+v, error %v", passages, err)
	}
}
