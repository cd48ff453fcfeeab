//go:build !race

package app_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"dalil/internal/app"
	"dalil/internal/config"
	dalilv1 "dalil/proto/dalil/v1"
)

// BenchmarkBatchSearch compares a batch of 64 questions with 64 single calls one after
// another, on one connection. It prints the ratio of their throughputs, which is at
// least 1.5.
func BenchmarkBatchSearch(b *testing.B) {
	dir := judgedSet(b, "topical-mixed")
	c := config.Default()
	c.Data, c.Listen, c.Admin = b.TempDir(), "127.0.0.1:0", ""
	a, err := app.OpenServed(b.Context(), c, quiet, nil)
	if err != nil {
		b.Fatal(err)
	}
	defer a.Close()
	indexFile(b, a, filepath.Join(dir, "corpus.jsonl"))
	questions := questionsOf(b, filepath.Join(dir, "queries.jsonl"), 1)
	connection, stop := served(b, a)
	defer stop()
	search := dalilv1.NewSearchServiceClient(connection)
	batch := &dalilv1.BatchSearchRequest{}
	for i := range 64 {
		batch.Requests = append(batch.Requests, &dalilv1.SearchRequest{Query: questions[i%len(questions)]})
	}
	once := func(i int) (alone, together time.Duration) {
		for _, r := range batch.Requests { // other texts than last time, so that no cache answers
			r.Query = fmt.Sprintf("%s %d", strings.TrimRight(r.Query, "0123456789 "), i)
		}
		fresh := proto.CloneOf(batch)
		for _, r := range fresh.Requests {
			r.Query += "0"
		}
		began := time.Now()
		for _, r := range batch.Requests {
			if _, err := search.Search(operator(b), r); err != nil {
				b.Fatal(err)
			}
		}
		alone = time.Since(began)
		began = time.Now()
		answer, err := search.BatchSearch(b.Context(), fresh)
		if err != nil {
			b.Fatal(err)
		}
		together = time.Since(began)
		for i, r := range answer.GetResponses() {
			if len(r.GetResponse().GetPassages()) != 10 {
				b.Fatalf("request %d: %v", i, r)
			}
		}
		return alone, together
	}
	once(0)
	alone, together := time.Hour, time.Hour // the fastest of all rounds: other work on the machine only slows rounds down
	for n := 1; b.Loop(); n++ {
		x, y := once(n)
		alone, together = min(alone, x), min(together, y)
	}
	b.ReportMetric(float64(alone.Microseconds())/64, "µs/single")
	b.ReportMetric(float64(together.Microseconds())/64, "µs/in-batch")
	b.ReportMetric(float64(alone)/float64(together), "ratio")
}
