//go:build !race && unix

package app_test

import (
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/evaluation"
	"dalil/internal/app"
	"dalil/internal/config"
	"dalil/internal/task"
	"dalil/lexical"
)

// BenchmarkFollowUps asks the second questions of the conversations that dalil eval --conversation
// makes of a judged set, without and with what came before: what a history costs, with
// the second search of a follow-up whose words do not decide. The time of the
// processor (cpu-µs/op) is the measure, because other programs do not change it much.
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
				began := processorTime(b)
				for i := 0; b.Loop(); i++ {
					q := asked[string(kind)][i%len(asked[string(kind)])]
					if !with {
						q.History = nil
					}
					if _, err := a.Search(operator(b), q); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64((processorTime(b)-began).Microseconds())/float64(b.N), "cpu-µs/op")
			})
		}
	}
}

// processorTime is how long this process has used a processor.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
