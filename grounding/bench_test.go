package grounding_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dalil/chunker"
	"dalil/corpus"
	"dalil/embedder/static"
	"dalil/grounding"
	"dalil/searcher"
)

// scorer is the reranker of the built-in model.
type scorer struct{ *static.Scorer }

func (s scorer) Rerank(ctx context.Context, query string, texts []string) ([]searcher.Reranking, error) {
	scores, err := s.Score(ctx, query, texts)
	all := make([]searcher.Reranking, len(scores))
	for i, x := range scores {
		all[i] = searcher.Reranking{Late: x.Late, Sentence: x.Sentence}
	}
	return all, err
}

// BenchmarkBuild makes contexts of 1000 tokens from 40 passages of about 600
// letters that were not met before; the search takes no time.
func BenchmarkBuild(b *testing.B) {
	files, err := filepath.Glob("../seeds/*.txt")
	if err != nil || len(files) == 0 {
		b.Fatal(files, err)
	}
	var words []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			b.Fatal(err)
		}
		words = append(words, strings.Fields(string(text))...)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	pick := func() string { return words[rng.IntN(len(words))] }
	var documents [][2]string
	var names []string
	for i := range 8000 {
		var text strings.Builder
		for text.Len() < 1050 {
			for range 8 + rng.IntN(12) {
				text.WriteString(pick() + " ")
			}
			text.WriteString(pick() + ". ")
		}
		documents = append(documents, [2]string{fmt.Sprint("d", i), text.String()})
		names = append(names, fmt.Sprintf("d%d/0", i))
	}
	l := newLibrary(documents...).finds(names...)
	model, err := static.Default()
	if err != nil {
		b.Fatal(err)
	}
	all := l.answer.Passages
	for i := range all {
		all[i].Scores.Fused = -float32(i%40) / 8
		text := all[i].Chunk.Text
		for at := 0; len(all[i].Highlights) < 6 && at < len(text)-20; at += 150 {
			if word := strings.IndexByte(text[at:], ' '); word >= 0 {
				all[i].Highlights = append(all[i].Highlights, corpus.Highlight{Start: at + word + 1, End: at + word + 9})
			}
		}
	}
	builder := grounding.New(grounding.Deps{
		Search: l, Read: l, Sentences: scorer{model.NewScorer(static.ScorerOptions{Sentences: chunker.Sentences})},
	}, grounding.Options{})
	i := 0
	for b.Loop() {
		l.answer.Passages = all[i%200*40 : i%200*40+40]
		i++
		if _, err := builder.Build(b.Context(), corpus.ContextQuery{Query: corpus.Query{Text: pick() + " " + pick() + " " + pick()}}); err != nil {
			b.Fatal(err)
		}
	}
}
