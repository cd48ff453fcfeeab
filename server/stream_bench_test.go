package server_test

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/server"
)

// BenchmarkLongStream sends one long stream of documents from a client that never waits to a
// store that is slow (20 ms for 16 documents). It reports the most memory that the process
// had in use on the heap, and what is left at the end, beyond that at the start. Both depend
// on the window and the budget of bytes, and not on the length of the stream.
// DALIL_TEST_STREAM is its length in MB; default 256.
func BenchmarkLongStream(b *testing.B) {
	megabytes := 256
	if n, err := strconv.Atoi(os.Getenv("DALIL_TEST_STREAM")); err == nil {
		megabytes = n
	}
	h := newBackend()
	h.ingest = func(ctx context.Context, raws <-chan corpus.Raw, report func(int, corpus.Receipt)) error {
		held := make([]corpus.Raw, 0, 16)
		for i := 0; ; i++ {
			raw, more := <-raws
			if more {
				held = append(held, raw)
			}
			if len(held) == cap(held) || !more {
				select {
				case <-time.After(20 * time.Millisecond):
				case <-ctx.Done():
					return ctx.Err()
				}
				for j := range held {
					report(i-len(held)+1+j-map[bool]int{false: 1}[more], corpus.Receipt{DocumentID: held[j].Document.ID, Outcome: corpus.Indexed})
				}
				held = held[:0]
			}
			if !more {
				return nil
			}
		}
	}
	text := strings.Repeat("A sentence about wheat in the markets of the north. ", 2500) // 130 KB
	for b.Loop() {
		r := serve(b, h, server.Options{})
		heap := func() int64 {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			return int64(m.HeapInuse)
		}
		runtime.GC()
		start := heap()
		var peak atomic.Int64
		done := make(chan struct{})
		watched := make(chan struct{})
		go func() {
			defer close(watched)
			for {
				select {
				case <-done:
					return
				case <-time.After(20 * time.Millisecond):
					peak.Store(max(peak.Load(), heap()))
				}
			}
		}()
		stream, err := r.documents.IngestDocuments(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		n := megabytes << 20 / len(text)
		received := make(chan int)
		go func() {
			got := 0
			for {
				if _, err := stream.Recv(); err != nil {
					received <- got
					return
				}
				got++
			}
		}()
		for i := range n {
			d := &dalilv1.DocumentInput{DocumentId: fmt.Sprint("d", i), Content: &dalilv1.DocumentInput_Text{Text: text}}
			if err := stream.Send(&dalilv1.IngestDocumentsRequest{Sequence: int64(i), Document: d}); err != nil {
				b.Fatal(err)
			}
		}
		stream.CloseSend()
		if got := <-received; got != n {
			b.Fatalf("%d receipts of %d", got, n)
		}
		close(done)
		<-watched
		runtime.GC()
		const mb = 1 << 20
		b.ReportMetric(float64(megabytes), "MB-sent")
		b.ReportMetric(float64(peak.Load()-start)/mb, "MB-peak")
		b.ReportMetric(float64(heap()-start)/mb, "MB-end")
	}
}
