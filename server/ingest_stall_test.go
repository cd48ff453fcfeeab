package server_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/server"
)

func TestAClientThatDoesNotReadHoldsNobodyUp(t *testing.T) {
	h := newBackend()
	r := serve(t, h, server.Options{StallTimeout: 300 * time.Millisecond, IngestWindow: 4096})
	stream, err := r.documents.IngestDocuments(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	// Receipts of documents with long ids fill the client's window soon; it
	// reads none until the server has given up on it.
	id := strings.Repeat("i", 500)
	sending := make(chan struct{})
	go func() {
		defer close(sending)
		for i := 0; stream.Send(&dalilv1.IngestDocumentsRequest{Document: document(fmt.Sprint(i, id), "t")}) == nil; i++ {
		}
	}()
	eventually(t, "the end of the stream", func() bool { return strings.Contains(r.log.String(), "reason=STALLED") })
	if _, err := r.documents.UpsertDocument(t.Context(), &dalilv1.UpsertDocumentRequest{Document: document("other", "t")}); err != nil {
		t.Errorf("another client: %v", err)
	}
	// What the client finds when it reads at last: receipts, then the reason.
	for err == nil {
		_, err = stream.Recv()
	}
	if diff := cmp.Diff(refusal{Code: codes.Aborted, Reason: "STALLED"}, refusalOf(err)); diff != "" {
		t.Errorf("error %v (-want +got):\n%s", err, diff)
	}
	within(t, "the end of sending", sending)
}

func TestAClientThatDoesNotSendIsLetGo(t *testing.T) {
	r := serve(t, newBackend(), server.Options{StallTimeout: 50 * time.Millisecond})
	stream, err := r.documents.IngestDocuments(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := stream.Send(&dalilv1.IngestDocumentsRequest{Sequence: 1, Document: document("a", "t")}); err != nil {
		t.Fatal(err)
	}
	if m, err := stream.Recv(); err != nil || m.GetSequence() != 1 {
		t.Fatalf("receipt %v, error %v", m, err)
	}
	_, err = stream.Recv()
	if diff := cmp.Diff(refusal{Code: codes.Aborted, Reason: "STALLED"}, refusalOf(err)); diff != "" {
		t.Errorf("error %v (-want +got):\n%s", err, diff)
	}
}

func TestASlowWritePathIsNoStall(t *testing.T) {
	h := newBackend()
	bubble(t, h, server.Options{StallTimeout: time.Second}, func(t *testing.T, r *running) {
		release := make(chan struct{})
		h.ingest, _ = counted(release)
		time.AfterFunc(time.Minute, func() { close(release) })
		// The client keeps its side open and waits for the receipt, as it should.
		stream, err := r.documents.IngestDocuments(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := stream.Send(&dalilv1.IngestDocumentsRequest{Sequence: 1, Document: document("a", "t")}); err != nil {
			t.Fatal(err)
		}
		m, err := stream.Recv()
		if err != nil || m.GetReceipt().GetOutcome() != dalilv1.Outcome_OUTCOME_INDEXED {
			t.Fatalf("receipt %v, error %v", m, err)
		}
		if err := stream.CloseSend(); err != nil {
			t.Error(err)
		}
		if _, err := stream.Recv(); err != io.EOF {
			t.Errorf("the stream ended with %v", err)
		}
	})
}

func TestAClientThatBreaksOffEndsTheWork(t *testing.T) {
	h := newBackend()
	began, ended := make(chan struct{}, 1), make(chan struct{})
	h.ingest = func(ctx context.Context, raws <-chan corpus.Raw, _ func(int, corpus.Receipt)) error {
		<-raws
		began <- struct{}{}
		<-ctx.Done()
		close(ended)
		return ctx.Err()
	}
	r := serve(t, h, server.Options{IngestBytes: 1000})
	ctx, cancel := context.WithCancel(t.Context())
	stream, err := r.documents.IngestDocuments(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		if err := stream.Send(&dalilv1.IngestDocumentsRequest{Sequence: int64(i), Document: document("a", strings.Repeat("x", 900))}); err != nil {
			t.Fatal(err)
		}
	}
	<-began
	cancel()
	within(t, "the end of the write path", ended)
	// The bytes that the stream held are free again.
	h.ingest = nil
	if _, err := ingestAll(t.Context(), r, document("b", strings.Repeat("x", 900))); err != nil {
		t.Error(err)
	}
	eventually(t, "the log line", func() bool { return strings.Contains(r.log.String(), "code=Canceled") })
}

func TestAWritePathThatFailsEndsTheStream(t *testing.T) {
	for name, test := range map[string]struct {
		ingest func(context.Context, <-chan corpus.Raw, func(int, corpus.Receipt)) error
		want   refusal
	}{
		"with an error": {func(_ context.Context, raws <-chan corpus.Raw, report func(int, corpus.Receipt)) error {
			<-raws
			report(0, corpus.Receipt{Outcome: corpus.Indexed})
			<-raws
			return fmt.Errorf("write: %w", corpus.ErrExhausted)
		}, refusal{Code: codes.ResourceExhausted, Reason: "EXHAUSTED", Retry: true}},
		"before the end": {func(_ context.Context, raws <-chan corpus.Raw, report func(int, corpus.Receipt)) error {
			<-raws
			report(0, corpus.Receipt{Outcome: corpus.Indexed})
			return nil
		}, refusal{Code: codes.Internal, Reason: "INTERNAL", Incident: true}},
		"without a receipt": {func(_ context.Context, raws <-chan corpus.Raw, report func(int, corpus.Receipt)) error {
			for range raws {
			}
			report(0, corpus.Receipt{Outcome: corpus.Indexed})
			report(0, corpus.Receipt{Outcome: corpus.Indexed}) // and one told twice
			return nil
		}, refusal{Code: codes.Internal, Reason: "INTERNAL", Incident: true}},
	} {
		t.Run(name, func(t *testing.T) {
			h := newBackend()
			h.ingest = test.ingest
			r := serve(t, h, server.Options{})
			receipts, err := ingestAll(t.Context(), r, document("a", "t"), document("b", "t"))
			if diff := cmp.Diff(test.want, refusalOf(err)); diff != "" {
				t.Errorf("error %v (-want +got):\n%s", err, diff)
			}
			if receipts[0].GetReceipt().GetOutcome() != dalilv1.Outcome_OUTCOME_INDEXED || receipts[1] != nil {
				t.Errorf("receipts %v, want one for the first document only", receipts)
			}
		})
	}
}

// A stream whose document waits for memory that another stream has is not ended as
// if its client had stalled.
func TestAStreamThatWaitsForRoomIsNotBlamed(t *testing.T) {
	h := newBackend()
	release := make(chan struct{})
	h.ingest = func(ctx context.Context, raws <-chan corpus.Raw, report func(int, corpus.Receipt)) error {
		for i := 0; ; i++ {
			select {
			case raw, more := <-raws:
				if !more {
					return nil
				}
				select {
				case <-release:
				case <-ctx.Done():
					return ctx.Err()
				}
				report(i, h.put(raw))
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
	r := serve(t, h, server.Options{IngestBytes: 100, StallTimeout: 1500 * time.Millisecond})
	stream := func(sequence int64, text string) ingestClient {
		s, err := r.documents.IngestDocuments(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if text != "" {
			if err := s.Send(&dalilv1.IngestDocumentsRequest{Sequence: sequence, Document: document(fmt.Sprint(sequence), text)}); err != nil {
				t.Fatal(err)
			}
		}
		return s
	}
	first := stream(1, strings.Repeat("x", 200)) // has all the memory
	second := stream(2, "short")
	// A client that does stall, later than the second stream began to wait.
	if _, err := stream(0, "").Recv(); refusalOf(err).Reason != "STALLED" {
		t.Fatalf("an idle stream: %v", err)
	}
	close(release)
	for i, s := range []ingestClient{first, second} {
		if m, err := s.Recv(); err != nil || m.GetReceipt().GetOutcome() != dalilv1.Outcome_OUTCOME_INDEXED {
			t.Errorf("stream %d: %v, %v", i+1, m, err)
		}
	}
}
