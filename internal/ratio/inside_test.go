package ratio

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/internal/app"
	"dalil/internal/config"
)

// BenchmarkInside asks questions in this process, one after another, and prints the mean time
// of a question and of its stages. Of each question it takes the lowest time of all runs, so
// that two test binaries that run in turn can be compared on a busy machine. The index is that
// of BenchmarkQuestions in DALIL_TEST_KEEP. Between two questions 1.5 MiB of other memory are
// written, because a server's connections and its clients also use the caches of the processor.
func BenchmarkInside(b *testing.B) {
	c := config.Default()
	c.Data = keptIndex(b)
	a, err := app.Open(b.Context(), c, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { a.Close() })
	text := naturalText(b)
	questions := text.Questions(number(b, "DALIL_TEST_QUESTIONS", 2000))
	ctx := corpus.WithPrincipal(context.Background(), corpus.Operator(""))
	other := make([]byte, 3<<19)
	for _, k := range kinds() {
		b.Run(k.name, func(b *testing.B) {
			lowest := make([]map[corpus.Stage]time.Duration, len(questions)) // "": of the whole question
			b.ReportAllocs()
			for b.Loop() {
				for i, question := range questions {
					for at := 0; at < len(other); at += 64 {
						other[at]++
					}
					began := time.Now()
					answer, err := a.Search(ctx, corpus.Query{Text: question, Rerank: k.rerank, Arms: k.inside})
					if err != nil {
						b.Fatalf("%q: %v", question, err)
					}
					took := map[corpus.Stage]time.Duration{"": time.Since(began)}
					for _, lap := range answer.Timings {
						took[lap.Stage] += lap.Duration
					}
					for stage, before := range lowest[i] {
						took[stage] = min(took[stage], before)
					}
					lowest[i] = took
				}
			}
			sums := map[corpus.Stage]time.Duration{}
			for _, took := range lowest {
				for stage, d := range took {
					sums[stage] += d
				}
			}
			for stage, sum := range sums {
				name := "µs/question"
				if stage != "" {
					name = "µs-" + string(stage)
				}
				b.ReportMetric(float64(sum.Nanoseconds())/1000/float64(len(questions)), name)
			}
		})
	}
}

// keptIndex returns the folder of the index that BenchmarkQuestions left, or skips.
func keptIndex(b *testing.B) string {
	b.Helper()
	dir := os.Getenv("DALIL_TEST_KEEP")
	if dir == "" {
		b.Skip("DALIL_TEST_KEEP names the folder that BenchmarkQuestions left its index in")
	}
	return filepath.Join(dir, fmt.Sprintf("dalil-%d", number(b, "DALIL_TEST_PASSAGES", 100_000)))
}
