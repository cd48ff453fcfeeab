package client_test

import (
	"fmt"
	"net"
	"strings"
	"testing"

	"go.uber.org/goleak"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"dalil/client"
	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// documents answers streams as a test wants.
type documents struct {
	dalilv1.UnimplementedDocumentServiceServer
	ingest func(dalilv1.DocumentService_IngestDocumentsServer) error
}

func (d documents) IngestDocuments(s dalilv1.DocumentService_IngestDocumentsServer) error {
	return d.ingest(s)
}

// serve runs one; stop kills it, as the end of its process does.
func serve(t *testing.T, ingest func(dalilv1.DocumentService_IngestDocumentsServer) error) (connection *grpc.ClientConn, stop func()) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := grpc.NewServer()
	dalilv1.RegisterDocumentServiceServer(server, documents{ingest: ingest})
	go server.Serve(listener)
	connection, err = client.Dial(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { connection.Close(); server.Stop() })
	return connection, server.Stop
}

// acknowledge answers the next n documents.
func acknowledge(s dalilv1.DocumentService_IngestDocumentsServer, n int) error {
	for range n {
		request, err := s.Recv()
		if err != nil {
			return err
		}
		err = s.Send(&dalilv1.IngestDocumentsResponse{Sequence: request.GetSequence(), Receipt: &dalilv1.Receipt{
			DocumentId: request.GetDocument().GetDocumentId(), Outcome: dalilv1.Outcome_OUTCOME_INDEXED,
		}})
		if err != nil {
			return err
		}
	}
	return nil
}

func text(i int) corpus.Raw {
	id := fmt.Sprint("d", i)
	return corpus.Raw{Document: corpus.Document{ID: id, Text: "Document " + id, Source: id + ".txt"}}
}

// feed offers documents until n were taken (0: without end), then nothing more,
// until the test ends.
func feed(t *testing.T, n int) <-chan corpus.Raw {
	raws := make(chan corpus.Raw)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for i := 1; n == 0 || i <= n; i++ {
			select {
			case raws <- text(i):
			case <-t.Context().Done():
				return
			}
		}
	}()
	t.Cleanup(func() { <-ended })
	return raws
}

// Whether documents go on coming or the input is silent, the end of the server
// is the end of the run, and what has a receipt is known.
func TestIngestEndsWithTheServer(t *testing.T) {
	for name, offered := range map[string]int{"an endless input": 0, "a silent input": 3} {
		t.Run(name, func(t *testing.T) {
			var stop func()
			connection, kill := serve(t, func(s dalilv1.DocumentService_IngestDocumentsServer) error {
				if err := acknowledge(s, 3); err != nil {
					return err
				}
				go stop()
				<-s.Context().Done()
				return s.Context().Err()
			})
			stop = kill
			receipts := 0
			err := client.Ingest(t.Context(), connection, feed(t, offered), func(r corpus.Receipt) { receipts++ })
			if status.Code(err) != codes.Unavailable || receipts > 3 {
				t.Errorf("%v after %d receipts", err, receipts)
			}
		})
	}
}

func TestIngestEndsWhenTheServerHasEnough(t *testing.T) {
	for name, want := range map[string]error{
		"an error":   status.Error(codes.ResourceExhausted, "the disk is full"),
		"no error":   nil,
		"a shutdown": status.Error(codes.Unavailable, "the server is shutting down"),
	} {
		t.Run(name, func(t *testing.T) {
			connection, _ := serve(t, func(s dalilv1.DocumentService_IngestDocumentsServer) error {
				if err := acknowledge(s, 2); err != nil {
					return err
				}
				return want
			})
			receipts := 0
			err := client.Ingest(t.Context(), connection, feed(t, 0), func(corpus.Receipt) { receipts++ })
			if err == nil || receipts != 2 {
				t.Fatalf("%v after %d receipts", err, receipts)
			}
			if want != nil && !strings.Contains(err.Error(), status.Convert(want).Message()) {
				t.Errorf("%v, want %v", err, want)
			}
		})
	}
}

func TestIngestReportsEveryDocumentOnce(t *testing.T) {
	connection, _ := serve(t, func(s dalilv1.DocumentService_IngestDocumentsServer) error {
		for {
			if err := acknowledge(s, 1); err != nil {
				return nil // the client has sent all
			}
		}
	})
	raws := make(chan corpus.Raw)
	go func() {
		defer close(raws)
		for _, i := range []int{1, 2, 1, 3} {
			raws <- text(i)
		}
	}()
	got := map[string]int{}
	err := client.Ingest(t.Context(), connection, raws, func(r corpus.Receipt) { got[r.Source+" "+r.Outcome.String()]++ })
	if err != nil || len(got) != 4 || got["d1.txt indexed"] != 1 || got["d1.txt failed"] != 1 || got["d3.txt indexed"] != 1 {
		t.Errorf("%v, %v", got, err)
	}
}
