package app_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/grounding"
	"dalil/internal/app"
	"dalil/internal/config"
	dalilv1 "dalil/proto/dalil/v1"
)

// BenchmarkContextOverGRPC asks a server that holds 100,000 passages of sentences,
// one caller, by turns for a context of 1000 tokens and for a search with as many
// passages as the context is chosen from. It reports the median of both, and of
// their difference for equal questions.
func BenchmarkContextOverGRPC(b *testing.B) {
	c := config.Default()
	c.Data = b.TempDir()
	a, err := app.Open(b.Context(), c, quiet)
	if err != nil {
		b.Fatal(err)
	}
	defer a.Close()
	words := vocabulary(b)
	rng := rand.New(rand.NewPCG(1, 2))
	pick := func() string { return words[int(float64(len(words))*rng.Float64()*rng.Float64()*rng.Float64())] }
	raws := make(chan corpus.Raw)
	go func() {
		defer close(raws)
		for i := range 100_000 {
			var text strings.Builder
			for text.Len() < 1050 { // bytes; Arabic letters take two
				for range 8 + rng.IntN(12) {
					text.WriteString(pick() + " ")
				}
				text.WriteString(pick() + ". ")
			}
			raws <- corpus.Raw{Document: corpus.Document{ID: fmt.Sprint("d", i), Text: text.String()}}
		}
	}()
	if err := a.Ingest(operator(b), raws, func(int, corpus.Receipt) {}); err != nil {
		b.Fatal(err)
	}
	connection, err := a.Connect()
	if err != nil {
		b.Fatal(err)
	}
	defer connection.Close()
	client := dalilv1.NewSearchServiceClient(connection)
	page := int32(grounding.Candidates(corpus.DefaultContextTokens))
	var searches, contexts, more []time.Duration
	for b.Loop() {
		question := strings.Join([]string{pick(), pick(), pick(), pick(), pick()}, " ")
		start := time.Now()
		if _, err := client.Search(b.Context(), &dalilv1.SearchRequest{Query: question, PageSize: &page}); err != nil {
			b.Fatal(err)
		}
		search := time.Since(start)
		start = time.Now()
		if _, err := client.BuildContext(b.Context(), &dalilv1.BuildContextRequest{Query: question}); err != nil {
			b.Fatal(err)
		}
		build := time.Since(start)
		searches, contexts, more = append(searches, search), append(contexts, build), append(more, build-search)
	}
	for name, times := range map[string][]time.Duration{"search-p50-ms": searches, "context-p50-ms": contexts, "difference-p50-ms": more} {
		slices.Sort(times)
		b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, name)
	}
}
