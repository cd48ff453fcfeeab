package app_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/internal/app"
	"dalil/internal/config"
	dalilv1 "dalil/proto/dalil/v1"
)

// BenchmarkSearchOverGRPC asks a server that holds 100,000 passages of about
// 600 letters, one caller, ten passages with text: the default query, the same
// without reranking, and each arm alone.
func BenchmarkSearchOverGRPC(b *testing.B) {
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
				text.WriteString(pick() + " ")
			}
			raws <- corpus.Raw{Document: corpus.Document{ID: fmt.Sprint("d", i), Text: text.String()}}
		}
	}()
	start := time.Now()
	if err := a.Ingest(operator(b), raws, func(int, corpus.Receipt) {}); err != nil {
		b.Fatal(err)
	}
	b.Logf("indexed 100,000 documents in %v", time.Since(start).Round(time.Second))
	connection, err := a.Connect()
	if err != nil {
		b.Fatal(err)
	}
	defer connection.Close()
	client := dalilv1.NewSearchServiceClient(connection)
	off := false
	for _, kind := range []struct {
		name   string
		arms   []dalilv1.Arm
		rerank *bool
	}{
		{"default", nil, nil},
		{"no reranking", nil, &off},
		{"dense", []dalilv1.Arm{dalilv1.Arm_ARM_DENSE}, &off},
		{"lexical", []dalilv1.Arm{dalilv1.Arm_ARM_LEXICAL}, &off},
	} {
		b.Run(kind.name, func(b *testing.B) {
			var times []time.Duration
			for b.Loop() {
				question := strings.Join([]string{pick(), pick(), pick(), pick(), pick()}, " ")
				began := time.Now()
				answer, err := client.Search(b.Context(), &dalilv1.SearchRequest{Query: question, Arms: kind.arms, Rerank: kind.rerank})
				if err != nil || len(answer.GetPassages()) == 0 && kind.name != "lexical" { // it may be asked for stop words
					b.Fatalf("%d passages, error %v", len(answer.GetPassages()), err)
				}
				times = append(times, time.Since(began))
			}
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(times[len(times)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
}

// vocabulary is the seeds' words, the frequent ones first.
func vocabulary(b *testing.B) []string {
	b.Helper()
	counts := map[string]int{}
	entries, err := os.ReadDir("../../seeds")
	if err != nil {
		b.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".txt") {
			continue
		}
		text, err := os.ReadFile("../../seeds/" + e.Name())
		if err != nil {
			b.Fatal(err)
		}
		for word := range strings.FieldsSeq(string(text)) {
			counts[word]++
		}
	}
	var words []string
	for word := range counts {
		words = append(words, word)
	}
	slices.SortFunc(words, func(x, y string) int {
		if counts[x] != counts[y] {
			return counts[y] - counts[x]
		}
		return strings.Compare(x, y)
	})
	return words
}
