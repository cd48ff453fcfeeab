package app_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/internal/app"
	"dalil/internal/config"
)

// BenchmarkOptions asks an index of 100,000 passages each question without an option and
// with it, in turn, and prints the median of the differences. One caller, ten passages
// with text, no network.
func BenchmarkOptions(b *testing.B) {
	c := config.Default()
	c.Data = b.TempDir()
	a, err := app.Open(b.Context(), c, quiet)
	if err != nil {
		b.Fatal(err)
	}
	defer a.Close()
	words := vocabulary(b)
	random := rand.New(rand.NewPCG(1, 2))
	pick := func() string {
		return words[int(float64(len(words))*random.Float64()*random.Float64()*random.Float64())]
	}
	raws := make(chan corpus.Raw)
	go func() {
		defer close(raws)
		for i := range 50_000 {
			var text strings.Builder
			for text.Len() < 2000 { // bytes; about two passages
				for range 12 {
					text.WriteString(pick() + " ")
				}
				text.WriteString(".\n")
			}
			raws <- corpus.Raw{Document: corpus.Document{
				ID: fmt.Sprint("d", i), Text: text.String(), Language: []string{"ar", "en"}[i%2], Source: fmt.Sprint("feed ", i%40),
				Author: fmt.Sprint("author ", i%5000), Tags: []string{fmt.Sprint("tag ", i%300), fmt.Sprint("tag ", i%17)},
				PublishedAt: time.Unix(int64(i)*20_000, 0).UTC(),
				Metadata:    map[string]corpus.Value{"desk": corpus.String(fmt.Sprint("desk ", i%12)), "n": corpus.Number(float64(i % 1000))},
			}}
		}
	}()
	if err := a.Ingest(operator(b), raws, func(int, corpus.Receipt) {}); err != nil {
		b.Fatal(err)
	}
	stats, err := a.Stats(operator(b))
	if err != nil {
		b.Fatal(err)
	}
	b.Logf("%d documents, %d passages", stats.Documents, stats.Passages)
	facets := func(kinds ...corpus.FacetField) (all []corpus.FacetRequest) {
		for _, k := range kinds {
			all = append(all, corpus.FacetRequest{Field: k})
		}
		return all
	}
	for _, kind := range []struct {
		name string
		q    corpus.Query
	}{
		{"nothing", corpus.Query{}},
		{"group_by", corpus.Query{PerDocument: 1}},
		{"diversity", corpus.Query{Diversity: 0.3}},
		{"facets", corpus.Query{Facets: facets(corpus.FacetField{Kind: corpus.FacetLanguage}, corpus.FacetField{Kind: corpus.FacetAuthor},
			corpus.FacetField{Kind: corpus.FacetTag}, corpus.FacetField{Kind: corpus.FacetYear}, corpus.FacetField{Kind: corpus.FacetMetadata, Key: "desk"})}},
		{"recency", corpus.Query{Recency: &corpus.Recency{HalfLife: 24 * 365 * time.Hour, Weight: 0.5}}},
		{"order_by", corpus.Query{Order: corpus.NewestFirst}},
		{"collapse_duplicates", corpus.Query{Collapse: true}},
	} {
		b.Run(kind.name, func(b *testing.B) {
			b.ReportAllocs()
			ask := func(q corpus.Query, text string) (time.Duration, corpus.Answer) {
				q.Text = text
				began := time.Now()
				answer, err := a.Search(operator(b), q)
				if err != nil || len(answer.Passages) == 0 {
					b.Fatalf("%d passages, error %v", len(answer.Passages), err)
				}
				return time.Since(began), answer
			}
			var differences, plain, arrange []time.Duration
			for n := 0; b.Loop(); n++ {
				text := strings.Join([]string{pick(), pick(), pick(), pick(), pick()}, " ")
				ask(corpus.Query{}, text) // so that the question's vector and the documents are cached for both
				ask(kind.q, text)
				var with, without time.Duration
				var answer corpus.Answer
				if n%2 == 0 {
					without, _ = ask(corpus.Query{}, text)
					with, answer = ask(kind.q, text)
				} else {
					with, answer = ask(kind.q, text)
					without, _ = ask(corpus.Query{}, text)
				}
				differences, plain = append(differences, with-without), append(plain, without)
				for _, t := range answer.Timings {
					if t.Stage == corpus.StageArrange {
						arrange = append(arrange, t.Duration)
					}
				}
			}
			median := func(times []time.Duration) float64 {
				if len(times) == 0 {
					return 0
				}
				slices.Sort(times)
				return float64(times[len(times)/2].Microseconds()) / 1000
			}
			b.ReportMetric(median(plain), "plain-p50-ms")
			b.ReportMetric(median(differences), "more-p50-ms")
			b.ReportMetric(median(arrange), "arrange-p50-ms")
		})
	}
}
