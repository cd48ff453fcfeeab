//go:build !race

package app_test

import (
	"path/filepath"
	"testing"

	"dalil/corpus"
	"dalil/internal/app"
	"dalil/internal/config"
)

// BenchmarkQuestion asks the questions of a judged set of 2,000 passages, without
// the network: processor time and allocations of a default question.
func BenchmarkQuestion(b *testing.B) {
	dir := judgedSet(b, "topical-mixed")
	c := config.Default()
	c.Data = b.TempDir()
	a, err := app.Open(b.Context(), c, quiet)
	if err != nil {
		b.Fatal(err)
	}
	defer a.Close()
	indexFile(b, a, filepath.Join(dir, "corpus.jsonl"))
	questions := questionsOf(b, filepath.Join(dir, "queries.jsonl"), 1)
	off := false
	for name, q := range map[string]corpus.Query{"default": {}, "no rerank": {Rerank: &off}} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				q.Text = questions[i%len(questions)]
				if _, err := a.Search(operator(b), q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkIndexing indexes a judged set of 2,000 passages into an empty folder.
func BenchmarkIndexing(b *testing.B) {
	dir := judgedSet(b, "topical-mixed")
	b.ReportAllocs()
	for b.Loop() {
		c := config.Default()
		c.Data = b.TempDir()
		a, err := app.Open(b.Context(), c, quiet)
		if err != nil {
			b.Fatal(err)
		}
		indexFile(b, a, filepath.Join(dir, "corpus.jsonl"))
		if err := a.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
