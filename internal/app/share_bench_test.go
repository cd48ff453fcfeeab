package app_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"

	"dalil/client"
	"dalil/corpus"
	"dalil/internal/app"
	"dalil/internal/config"
	dalilv1 "dalil/proto/dalil/v1"
)

// BenchmarkSearchesBesideHostileIngest compares the searches of one caller on a
// quiet server with those beside eight writers of large documents that are costly
// to parse. The p99 is at most five times the quiet one.
func BenchmarkSearchesBesideHostileIngest(b *testing.B) {
	c := config.Default()
	c.Data, c.Listen, c.Admin = b.TempDir(), "127.0.0.1:0", ""
	a, err := app.OpenServed(b.Context(), c, quiet, nil)
	if err != nil {
		b.Fatal(err)
	}
	defer a.Close()
	words := vocabulary(b)
	rng := rand.New(rand.NewPCG(1, 2))
	pick := func() string { return words[int(float64(len(words))*rng.Float64()*rng.Float64())] }
	prose := func(bytes int) string {
		var text strings.Builder
		for text.Len() < bytes {
			text.WriteString(pick() + " ")
		}
		return text.String()
	}
	raws := make(chan corpus.Raw)
	go func() {
		defer close(raws)
		for i := range 5000 {
			raws <- corpus.Raw{Document: corpus.Document{ID: fmt.Sprint("d", i), Text: prose(1000)}}
		}
	}()
	if err := a.Ingest(operator(b), raws, func(int, corpus.Receipt) {}); err != nil {
		b.Fatal(err)
	}
	connection, stop := served(b, a)
	defer stop()
	searches := dalilv1.NewSearchServiceClient(connection)
	p99 := func() time.Duration {
		times := make([]time.Duration, 400)
		for i := range times {
			question := strings.Join([]string{pick(), pick(), pick(), pick(), pick()}, " ")
			began := time.Now()
			if _, err := searches.Search(b.Context(), &dalilv1.SearchRequest{Query: question}); err != nil {
				b.Fatal(err)
			}
			times[i] = time.Since(began)
		}
		slices.Sort(times)
		return times[len(times)*99/100]
	}
	large := prose(2 << 20)
	hostile := []*dalilv1.Body{
		{MediaType: "text/plain", Data: []byte(large)},
		{MediaType: "text/markdown", Data: []byte("| a | b |\n|---|---|\n" + strings.Repeat("| x_y_z | `code` and *marks* |\n", 30_000))},
		{MediaType: "text/html", Data: []byte("<div>" + strings.Repeat("<p>"+large[:2000]+"</p>", 800))},
		{MediaType: "text/plain", Data: []byte(strings.Repeat("x", 2<<20))},
	}
	for b.Loop() {
		calm := p99()
		ctx, cancel := context.WithCancel(b.Context())
		var writers sync.WaitGroup
		for w := range 8 {
			writers.Go(func() {
				documents := dalilv1.NewDocumentServiceClient(connection)
				for n := 0; ctx.Err() == nil; n++ {
					documents.UpsertDocument(ctx, &dalilv1.UpsertDocumentRequest{Document: &dalilv1.DocumentInput{
						DocumentId: fmt.Sprintf("w%d-%d", w, n), Content: &dalilv1.DocumentInput_Body{Body: hostile[(w+n)%len(hostile)]},
					}})
				}
			})
		}
		busy := p99()
		cancel()
		writers.Wait()
		ratio := float64(busy) / float64(calm)
		b.ReportMetric(float64(calm.Microseconds())/1000, "quiet-p99-ms")
		b.ReportMetric(float64(busy.Microseconds())/1000, "busy-p99-ms")
		b.ReportMetric(ratio, "p99-ratio")
		if ratio > 5 {
			b.Errorf("the p99 of searches beside hostile ingest is %.1f times the quiet one, more than 5", ratio)
		}
	}
}

// served serves an app until stop is called.
func served(b *testing.B, a *app.App) (connection *grpc.ClientConn, stop func()) {
	b.Helper()
	ctx, cancel := context.WithCancel(b.Context())
	address, done := make(chan string, 1), make(chan error, 1)
	go func() { done <- a.Serve(ctx, func(at app.Addresses) { address <- at.GRPC }) }()
	connection, err := client.Dial(<-address, client.Direct())
	if err != nil {
		b.Fatal(err)
	}
	return connection, func() {
		connection.Close()
		cancel()
		if err := <-done; err != nil {
			b.Error(err)
		}
	}
}
