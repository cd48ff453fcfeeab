package ratio

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dalil/client"
	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

// BenchmarkWrites asks default questions of an index of DALIL_TEST_PASSAGES (100,000)
// passages, first alone and then while DALIL_TEST_RATE (2,000) documents a second come
// in for ten seconds, each with a durable receipt. It prints p50 and p99 of both, their
// ratio, and how many documents a second were really written. The documents replace
// those of the index. DALIL_TEST_PROFILE begins the name of a file for a
// profile.
func BenchmarkWrites(b *testing.B) {
	passages := number(b, "DALIL_TEST_PASSAGES", 100_000)
	rate := number(b, "DALIL_TEST_RATE", 2000)
	m := prepared(b, passages)
	documents := readDocuments(b, m.source, 10*rate)
	for b.Loop() {
		m.until(b, 2*time.Second)
		quiet := m.until(b, 5*time.Second)
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		var written atomic.Int64
		var writing sync.WaitGroup
		writing.Go(func() { m.write(ctx, b, documents, rate, &written) })
		if name := os.Getenv("DALIL_TEST_PROFILE"); name != "" {
			writing.Go(func() { m.server.profile(b, "profile", name+"-writes.cpu", 8) })
		}
		busy := m.until(b, 10*time.Second)
		cancel()
		writing.Wait()
		b.Logf("quiet: p50 %.2f ms, p99 %.2f ms", ms(quiet[len(quiet)/2]), ms(quiet[len(quiet)*99/100]))
		b.Logf("with %.0f documents a second: p50 %.2f ms, p99 %.2f ms, %.1f times the quiet p99, longest %.0f ms", float64(written.Load())/10,
			ms(busy[len(busy)/2]), ms(busy[len(busy)*99/100]), ms(busy[len(busy)*99/100])/ms(quiet[len(quiet)*99/100]), ms(busy[len(busy)-1]))
	}
}

// until asks questions for a time, and returns how long each took, in order.
func (m *measured) until(b *testing.B, d time.Duration) (times []time.Duration) {
	for i, end := 0, time.Now().Add(d); time.Now().Before(end); i++ {
		began := time.Now()
		m.search(b, &dalilv1.SearchRequest{Query: m.questions[i%len(m.questions)]})
		times = append(times, time.Since(began))
	}
	slices.Sort(times)
	return times
}

// write sends documents at a rate until ctx ends, and counts the receipts of those that
// were indexed.
func (m *measured) write(ctx context.Context, b *testing.B, documents []*dalilv1.DocumentInput, rate int, written *atomic.Int64) {
	stream, err := m.server.ingest.IngestDocuments(ctx)
	if err != nil {
		b.Error(err)
		return
	}
	var reading sync.WaitGroup
	reading.Go(func() {
		for {
			answer, err := stream.Recv()
			if err != nil {
				return
			}
			if answer.GetReceipt().GetOutcome() == dalilv1.Outcome_OUTCOME_INDEXED {
				written.Add(1)
			}
		}
	})
	began := time.Now()
	for i := 0; ctx.Err() == nil && i < len(documents); i++ {
		if ahead := time.Duration(i)*time.Second/time.Duration(rate) - time.Since(began); ahead > 0 {
			time.Sleep(ahead)
		}
		if err := stream.Send(&dalilv1.IngestDocumentsRequest{Sequence: int64(i), Document: documents[i]}); err != nil {
			break
		}
	}
	<-ctx.Done()
	reading.Wait()
}

// readDocuments reads n documents of the source with other texts than the index has.
func readDocuments(b *testing.B, source string, n int) (documents []*dalilv1.DocumentInput) {
	f, err := os.Open(source)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for run := time.Now().UnixNano(); len(documents) < n && lines.Scan(); {
		var d struct{ ID, Title, Text string }
		if err := json.Unmarshal(lines.Bytes(), &d); err != nil {
			b.Fatal(err)
		}
		documents = append(documents, client.Input(corpus.Raw{Document: corpus.Document{ID: d.ID, Title: d.Title, Text: fmt.Sprint(d.Text, " ", run)}}))
	}
	return documents
}
