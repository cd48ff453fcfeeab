//go:build !race

package app_test

import (
	"path/filepath"
	"testing"

	"dalil/corpus"
	"dalil/evaluation"
	"dalil/internal/app"
	"dalil/internal/config"
	"dalil/internal/task"
	"dalil/lexical"
)

// BenchmarkFollowUps asks the second questions of the conversations that dalil eval --conversation
// makes of a judged set, without and with what came before: what a history costs.
func BenchmarkFollowUps(b *testing.B) {
	dir := judgedSet(b, "xquad-en-ar")
	c := config.Default()
	c.Data = b.TempDir()
	a, err := app.Open(b.Context(), c, quiet)
	if err != nil {
		b.Fatal(err)
	}
	defer a.Close()
	indexFile(b, a, filepath.Join(dir, "corpus.jsonl"))
	set, err := task.LoadSet(dir)
	if err != nil {
		b.Fatal(err)
	}
	asked := map[string][]corpus.Query{}
	for _, chain := range evaluation.Chains(set, task.WordsOf(lexical.NewAnalyzer())) {
		first, err := a.Search(operator(b), corpus.Query{Text: chain.First})
		if err != nil {
			b.Fatal(err)
		}
		history := []corpus.Turn{{Role: corpus.User, Text: chain.First}, {Role: corpus.Assistant, Cited: []corpus.ChunkID{first.Passages[0].Chunk.ID}}}
		asked[string(chain.Kind)] = append(asked[string(chain.Kind)], corpus.Query{Text: chain.Text, History: history, Limit: 20})
	}
	for _, kind := range evaluation.ChainKinds() {
		for name, with := range map[string]bool{"alone": false, "history": true} {
			b.Run(string(kind)+"/"+name, func(b *testing.B) {
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					q := asked[string(kind)][i%len(asked[string(kind)])]
					if !with {
						q.History = nil
					}
					if _, err := a.Search(operator(b), q); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
