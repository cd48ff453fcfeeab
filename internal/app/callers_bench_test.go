//go:build !race

package app_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"

	"dalil/access/keys"
	"dalil/corpus"
	"dalil/internal/app"
	"dalil/internal/config"
	dalilv1 "dalil/proto/dalil/v1"
)

// BenchmarkCallersBesideEachOther compares the searches of one caller on a quiet server
// with those while another key floods it, without limits and beyond its limit, and while
// strangers send 10,000 wrong keys a second. The floods run in the same process, on the
// same processors. Each ratio of the p99 should be at most 2.
func BenchmarkCallersBesideEachOther(b *testing.B) {
	c := config.Default()
	c.Data, c.Listen, c.Admin = b.TempDir(), "127.0.0.1:0", ""
	c.Access.Keys = filepath.Join(b.TempDir(), "keys.json")
	key := func(name string, rates *keys.Rates) string {
		_, text, err := keys.Create(c.Access.Keys, keys.Key{Name: name, Scopes: []string{"search"}, Rates: rates}, time.Now())
		if err != nil {
			b.Fatal(err)
		}
		return text
	}
	quietKey, flooding, limited := key("quiet", nil), key("flooding", nil), key("limited", &keys.Rates{Requests: 20})
	wrong := strings.Repeat("0", len(quietKey)) // it has not the form of a key
	a, err := app.OpenServed(b.Context(), c, quiet, nil)
	if err != nil {
		b.Fatal(err)
	}
	defer a.Close()
	words := vocabulary(b)
	rng := rand.New(rand.NewPCG(1, 2))
	pick := func(rng *rand.Rand) string { return words[int(float64(len(words))*rng.Float64()*rng.Float64())] }
	raws := make(chan corpus.Raw)
	go func() {
		defer close(raws)
		for i := range 5000 {
			var text strings.Builder
			for text.Len() < 1000 {
				text.WriteString(pick(rng) + " ")
			}
			raws <- corpus.Raw{Document: corpus.Document{ID: fmt.Sprint("d", i), Text: text.String()}}
		}
	}()
	if err := a.Ingest(operator(b), raws, func(int, corpus.Receipt) {}); err != nil {
		b.Fatal(err)
	}
	connection, stop := served(b, a)
	defer stop()
	search := func(ctx context.Context, on *grpc.ClientConn, key string, rng *rand.Rand) error {
		question := strings.Join([]string{pick(rng), pick(rng), pick(rng), pick(rng), pick(rng)}, " ")
		_, err := dalilv1.NewSearchServiceClient(on).Search(metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+key), &dalilv1.SearchRequest{Query: question})
		return err
	}
	p99 := func() time.Duration {
		times := make([]time.Duration, 400)
		for i := range times {
			began := time.Now()
			if err := search(b.Context(), connection, quietKey, rng); err != nil {
				b.Fatal(err)
			}
			times[i] = time.Since(began)
			time.Sleep(time.Millisecond)
		}
		slices.Sort(times)
		return times[len(times)*99/100]
	}
	elsewhere, err := grpc.NewClient(connection.Target(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		b.Fatal(err)
	}
	defer elsewhere.Close()
	// flood sends calls as fast as callers get answers, or at a pace.
	flood := func(key string, callers int, perSecond float64) (end func() (answers int64)) {
		ctx, cancel := context.WithCancel(b.Context())
		var group sync.WaitGroup
		var n atomic.Int64
		for i := range callers {
			group.Go(func() {
				rng := rand.New(rand.NewPCG(3, uint64(i)))
				pace := time.NewTicker(time.Duration(max(1, float64(callers)/max(perSecond, 1)*float64(time.Second))))
				defer pace.Stop()
				for ctx.Err() == nil {
					search(ctx, elsewhere, key, rng)
					n.Add(1)
					if perSecond > 0 {
						select {
						case <-pace.C:
						case <-ctx.Done():
						}
					}
				}
			})
		}
		return func() int64 { cancel(); group.Wait(); return n.Load() }
	}
	for b.Loop() {
		for name, start := range map[string]func() func() int64{
			"flood":       func() func() int64 { return flood(flooding, 32, 0) },
			"over-limit":  func() func() int64 { return flood(limited, 32, 0) },
			"wrong-keys":  func() func() int64 { return flood(wrong, 32, 0) },
			"wrong-10000": func() func() int64 { return flood(wrong, 4000, 10_000) },
		} {
			calm := p99()
			end, began := start(), time.Now()
			time.Sleep(500 * time.Millisecond)
			busy := p99()
			rate := float64(end()) / time.Since(began).Seconds()
			b.ReportMetric(float64(busy)/float64(calm), name+"-ratio")
			b.Logf("%s: p99 quiet %v, busy %v, ratio %.2f, %.0f answers a second to the flood", name, calm, busy, float64(busy)/float64(calm), rate)
		}
	}
}
