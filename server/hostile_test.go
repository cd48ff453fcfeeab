package server_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/server"
)

var tooLarge = refusal{Code: codes.ResourceExhausted, Reason: "TOO_LARGE"}

// A message that inflates too much is refused while it inflates.
func TestGzipBombs(t *testing.T) {
	r := serve(t, newBackend(), server.Options{})
	zeros := strings.Repeat("\x00", 33<<20)
	for name, call := range map[string]func() error{
		"search": func() error {
			_, err := r.search.Search(t.Context(), &dalilv1.SearchRequest{Query: zeros}, grpc.UseCompressor("gzip"))
			return err
		},
		"upsert": func() error {
			_, err := r.documents.UpsertDocument(t.Context(), &dalilv1.UpsertDocumentRequest{Document: document("a", zeros[:16<<20])}, grpc.UseCompressor("gzip"))
			return err
		},
		"ingest": func() error {
			stream, err := r.documents.IngestDocuments(t.Context(), grpc.UseCompressor("gzip"))
			if err != nil {
				return err
			}
			stream.Send(&dalilv1.IngestDocumentsRequest{Document: document("a", zeros[:16<<20])})
			_, err = stream.Recv()
			return err
		},
		"delete": func() error {
			_, err := r.documents.DeleteDocument(t.Context(), &dalilv1.DeleteDocumentRequest{DocumentId: zeros}, grpc.UseCompressor("gzip"))
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			err := call()
			if diff := cmp.Diff(tooLarge, refusalOf(err)); diff != "" {
				t.Errorf("error %v (-want +got):\n%s", err, diff)
			}
		})
	}
	if _, err := r.search.Search(t.Context(), &dalilv1.SearchRequest{Query: "a small one"}, grpc.UseCompressor("gzip")); err != nil {
		t.Errorf("a compressed question: %v", err)
	}
}

// bomb is a Search request of 32 KB that inflates to 33 MB.
func bomb(t *testing.T) []byte {
	t.Helper()
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	w.Write([]byte{0x0a, 0x80, 0x80, 0x80, 0x10}) // field 1, 32 MiB
	zeros := make([]byte, 1<<20)
	for range 32 {
		w.Write(zeros)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return zipped.Bytes()
}

// fixed sends what it is given as if it had compressed it.
type fixed struct{ message []byte }

func (f fixed) Type() string { return "gzip" }
func (f fixed) Do(w io.Writer, _ []byte) error {
	_, err := w.Write(f.message)
	return err
}

// 250 streams that inflate to 33 MB each leave the server's memory alone, and a
// search between them is answered.
func TestManyGzipBombsAtOnce(t *testing.T) {
	r := serve(t, newBackend(), server.Options{})
	//lint:ignore SA1019 what the present interface compresses can't be a message that was compressed before
	raw := grpc.WithCompressor(fixed{bomb(t)})
	hostile, err := grpc.NewClient(r.address, grpc.WithTransportCredentials(insecure.NewCredentials()), raw)
	if err != nil {
		t.Fatal(err)
	}
	defer hostile.Close()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	var calls sync.WaitGroup
	var refused atomic.Int32
	for range 250 {
		calls.Go(func() {
			_, err := dalilv1.NewSearchServiceClient(hostile).Search(t.Context(), &dalilv1.SearchRequest{Query: "x"})
			if cmp.Equal(tooLarge, refusalOf(err)) {
				refused.Add(1)
			}
		})
	}
	if _, err := r.search.Search(t.Context(), &dalilv1.SearchRequest{Query: "q"}); err != nil {
		t.Errorf("a search between the bombs: %v", err)
	}
	calls.Wait()
	runtime.ReadMemStats(&after)
	if n := refused.Load(); n != 250 {
		t.Errorf("%d of 250 bombs were refused as too large", n)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 250*1<<20 { // inflated they have 8 GB
		t.Errorf("250 bombs allocated %d MB", used>>20)
	}
}

// A message that its method can't need is refused before it is read.
func TestLargeUncompressedMessages(t *testing.T) {
	r := serve(t, newBackend(), server.Options{})
	large := &dalilv1.SearchRequest{Query: strings.Repeat("x", 33<<20)}
	var before, after runtime.MemStats
	for range 2 { // the first fills the client's own buffers
		runtime.ReadMemStats(&before)
		_, err := r.search.Search(t.Context(), large)
		runtime.ReadMemStats(&after)
		if diff := cmp.Diff(tooLarge, refusalOf(err)); diff != "" {
			t.Errorf("error %v (-want +got):\n%s", err, diff)
		}
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 48<<20 { // the client marshals 33 MB
		t.Errorf("a refused message allocated %d MB", used>>20)
	}
	if _, err := r.search.Search(t.Context(), &dalilv1.SearchRequest{Query: "q"}); err != nil {
		t.Errorf("the next search on the connection: %v", err)
	}
}

// Near the memory limit searches are refused first, then writes; health and
// administration never.
func TestShedding(t *testing.T) {
	var used atomic.Int64
	var calls atomic.Int64
	r := serve(t, newBackend(), server.Options{MemoryLimit: 100 << 20, MemoryUsed: func() int64 { calls.Add(1); return used.Load() }})
	overloaded := refusal{Code: codes.ResourceExhausted, Reason: "OVERLOADED", Retry: true}
	for _, step := range []struct {
		used             int64
		searches, writes refusal
	}{
		{50 << 20, refusal{}, refusal{}},
		{92 << 20, overloaded, refusal{}},
		{97 << 20, overloaded, overloaded},
		{50 << 20, refusal{}, refusal{}},
	} {
		used.Store(step.used)
		n := calls.Load()
		eventually(t, "another look at the memory", func() bool {
			r.search.Search(t.Context(), &dalilv1.SearchRequest{Query: "q"})
			return calls.Load() > n
		})
		_, err := r.search.Search(t.Context(), &dalilv1.SearchRequest{Query: "q"})
		if diff := cmp.Diff(step.searches, refusalOf(err)); diff != "" {
			t.Errorf("%d MB used: search: %v (-want +got):\n%s", step.used>>20, err, diff)
		}
		_, err = r.documents.UpsertDocument(t.Context(), &dalilv1.UpsertDocumentRequest{Document: document("a", "t")})
		if diff := cmp.Diff(step.writes, refusalOf(err)); diff != "" {
			t.Errorf("%d MB used: upsert: %v (-want +got):\n%s", step.used>>20, err, diff)
		}
		if _, err := r.admin.GetStats(t.Context(), &dalilv1.GetStatsRequest{}); err != nil {
			t.Errorf("%d MB used: stats: %v", step.used>>20, err)
		}
		if _, err := healthpb.NewHealthClient(r).Check(t.Context(), &healthpb.HealthCheckRequest{}); err != nil {
			t.Errorf("%d MB used: health: %v", step.used>>20, err)
		}
	}
}

// More calls than the server takes are refused, and the capacity comes back.
func TestTooManyCalls(t *testing.T) {
	h := newBackend()
	began, release := make(chan struct{}, 2), make(chan struct{})
	h.search = func(context.Context, corpus.Query) (corpus.Answer, error) {
		began <- struct{}{}
		<-release
		return corpus.Answer{}, nil
	}
	r := serve(t, h, server.Options{Calls: 2})
	var waiting sync.WaitGroup
	for range 2 {
		waiting.Go(func() {
			if _, err := r.search.Search(t.Context(), &dalilv1.SearchRequest{Query: "q"}); err != nil {
				t.Error(err)
			}
		})
		<-began
	}
	_, err := r.admin.GetStats(t.Context(), &dalilv1.GetStatsRequest{})
	if diff := cmp.Diff(refusal{Code: codes.ResourceExhausted, Reason: "OVERLOADED", Retry: true}, refusalOf(err)); diff != "" {
		t.Errorf("a third call: %v (-want +got):\n%s", err, diff)
	}
	close(release)
	waiting.Wait()
	eventually(t, "capacity for another call", func() bool {
		_, err := r.admin.GetStats(t.Context(), &dalilv1.GetStatsRequest{})
		return err == nil
	})
}

// A header that is too large costs its call and nothing else.
func TestLargeHeaders(t *testing.T) {
	r := serve(t, newBackend(), server.Options{})
	stream, err := r.documents.IngestDocuments(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for size, want := range map[int]codes.Code{16_500: codes.OK, 60_000: codes.OK, 70_000: codes.InvalidArgument, 500_000: codes.InvalidArgument} {
		ctx := metadata.AppendToOutgoingContext(t.Context(), "x-long", strings.Repeat("v", size))
		_, err := r.search.Search(ctx, &dalilv1.SearchRequest{Query: "q"})
		if status.Code(err) != want {
			t.Errorf("search with %d bytes: %v, want %v", size, err, want)
		}
		_, err = healthpb.NewHealthClient(r).Check(ctx, &healthpb.HealthCheckRequest{})
		if status.Code(err) != want {
			t.Errorf("health with %d bytes: %v, want %v", size, err, want)
		}
		if want != codes.OK && !strings.Contains(fmt.Sprint(err), "65536") {
			t.Errorf("the error does not say the limit: %v", err)
		}
	}
	if err := stream.Send(&dalilv1.IngestDocumentsRequest{Sequence: 1, Document: document("a", "t")}); err != nil {
		t.Fatal(err)
	}
	if _, err := stream.Recv(); err != nil {
		t.Errorf("another call of the connection: %v", err)
	}
}

// Documents wait for memory before they are read: with a budget for one large
// message, a second is taken after the first was written.
func TestDocumentsWaitForMemory(t *testing.T) {
	h := newBackend()
	began, release := make(chan string, 2), make(chan struct{})
	h.ingest = func(_ context.Context, raws <-chan corpus.Raw, report func(int, corpus.Receipt)) error {
		raw := <-raws
		began <- raw.Document.ID
		<-release
		report(0, h.put(raw))
		return nil
	}
	r := serve(t, h, server.Options{MessageBytes: 1 << 20})
	var calls sync.WaitGroup
	for _, id := range []string{"a", "b"} {
		calls.Go(func() {
			_, err := r.documents.UpsertDocument(t.Context(), &dalilv1.UpsertDocumentRequest{Document: document(id, prose(900_000))})
			if err != nil {
				t.Error(err)
			}
		})
	}
	first := <-began
	if _, err := r.documents.UpsertDocument(t.Context(), &dalilv1.UpsertDocumentRequest{Document: document("", "small")}); status.Code(err) != codes.InvalidArgument {
		t.Errorf("a small document beside them: %v", err)
	}
	select {
	case second := <-began:
		t.Errorf("%s and %s were read at once", first, second)
	default:
	}
	close(release)
	calls.Wait()
}
