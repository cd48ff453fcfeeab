package ratio

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
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
// ratio, how many documents a second were really written, and what the server did
// meanwhile: collections of garbage, commits, merges, new states of the index. The
// documents replace those of the index. DALIL_TEST_PROFILE begins the names of files for a
// profile and a trace.
func BenchmarkWrites(b *testing.B) {
	passages := number(b, "DALIL_TEST_PASSAGES", 100_000)
	rate := number(b, "DALIL_TEST_RATE", 2000)
	m := prepared(b, passages)
	documents := readDocuments(b, m.source, 10*rate)
	for b.Loop() {
		m.until(b, 2*time.Second)
		before := m.server.series(b)
		quiet := m.until(b, 5*time.Second)
		between := m.server.series(b)
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		var written atomic.Int64
		var writing sync.WaitGroup
		writing.Go(func() { m.write(ctx, b, documents, rate, &written) })
		if name := os.Getenv("DALIL_TEST_PROFILE"); name != "" {
			writing.Go(func() {
				m.server.profile(b, "profile", name+"-writes.cpu", 5)
				m.server.profile(b, "trace", name+"-writes.trace", 2)
			})
		}
		busy := m.until(b, 10*time.Second)
		after := m.server.series(b)
		cancel()
		writing.Wait()
		b.Logf("quiet: p50 %.2f ms, p90 %.2f ms, p99 %.2f ms", at(quiet, .5), at(quiet, .9), at(quiet, .99))
		happened(b, before, between, 5*time.Second)
		b.Logf("with %.0f documents a second: p50 %.2f ms, p90 %.2f ms, p99 %.2f ms, %.1f times the quiet p99, longest %.0f ms", float64(written.Load())/10,
			at(busy, .5), at(busy, .9), at(busy, .99), at(busy, .99)/at(quiet, .99), at(busy, 1))
		happened(b, between, after, 10*time.Second)
		stages(b, "the middle half", busy[len(busy)/4:len(busy)*3/4])
		stages(b, "the slowest hundredth", busy[len(busy)*99/100:])
	}
}

// until asks questions for a time, and returns the answered ones, the fastest first.
func (m *measured) until(b *testing.B, d time.Duration) (answered []asking) {
	for i, end := 0, time.Now().Add(d); time.Now().Before(end); i++ {
		began := time.Now()
		answered = append(answered, answeredIn(began, m.search(b, &dalilv1.SearchRequest{Query: m.questions[i%len(m.questions)]})))
	}
	slices.SortFunc(answered, func(x, y asking) int { return cmp.Compare(x.took, y.took) })
	return answered
}

// at returns how long, in milliseconds, a share of the questions took at most.
func at(answered []asking, share float64) float64 {
	return ms(answered[min(int(float64(len(answered))*share), len(answered)-1)].took)
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

// readDocuments reads n documents of the source and changes their texts, so that the index has none
// of them. If the source has fewer, they come again, changed in another way.
func readDocuments(b *testing.B, source string, n int) (documents []*dalilv1.DocumentInput) {
	f, err := os.Open(source)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	for run := time.Now().UnixNano(); len(documents) < n; run++ {
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			b.Fatal(err)
		}
		before := len(documents)
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<20)
		for len(documents) < n && lines.Scan() {
			var d struct{ ID, Title, Text string }
			if err := json.Unmarshal(lines.Bytes(), &d); err != nil {
				b.Fatal(err)
			}
			documents = append(documents, client.Input(corpus.Raw{Document: corpus.Document{ID: d.ID, Title: d.Title, Text: fmt.Sprint(d.Text, " ", run)}}))
		}
		if len(documents) == before {
			b.Fatalf("%s has no documents: %v", source, lines.Err())
		}
	}
	return documents
}
