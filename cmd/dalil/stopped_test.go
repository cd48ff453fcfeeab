package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	dalilv1 "dalil/proto/dalil/v1"
)

// mortal answers five documents of a stream, which then breaks as it does when a
// process ends.
type mortal struct {
	dalilv1.UnimplementedDocumentServiceServer
}

func (m *mortal) IngestDocuments(s dalilv1.DocumentService_IngestDocumentsServer) error {
	for range 5 {
		request, err := s.Recv()
		if err != nil {
			return err
		}
		if err := s.Send(&dalilv1.IngestDocumentsResponse{Sequence: request.GetSequence(), Receipt: &dalilv1.Receipt{
			DocumentId: request.GetDocument().GetDocumentId(), Outcome: dalilv1.Outcome_OUTCOME_INDEXED, Passages: 1,
		}}); err != nil {
			return err
		}
	}
	return status.Error(codes.Unavailable, "error reading from server: EOF") // behind the receipts, so that they are counted
}

// records gives record after record, without end or, at a length, silence.
type records struct {
	n, silence int
	rest       string
	ctx        context.Context
}

func (r *records) Read(p []byte) (int, error) {
	if r.rest == "" {
		if r.n++; r.silence > 0 && r.n > r.silence {
			<-r.ctx.Done()
			return 0, io.EOF
		}
		r.rest = fmt.Sprintf("{\"id\":\"d%d\",\"text\":\"Document %d of a corpus without end.\"}\n", r.n, r.n)
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

func TestIndexStopsWhenTheServerDies(t *testing.T) {
	for name, silence := range map[string]int{"an endless input": 0, "a silent input": 6} {
		t.Run(name, func(t *testing.T) {
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			server := grpc.NewServer()
			dalilv1.RegisterDocumentServiceServer(server, &mortal{})
			go server.Serve(listener)
			defer server.Stop()
			var out, errs bytes.Buffer
			code := run(t.Context(), []string{"index", "--json", "--server", listener.Addr().String(), "-"},
				streams{in: &records{silence: silence, ctx: t.Context()}, out: &out, err: &errs})
			var summary struct {
				Indexed int
				Stopped string
			}
			if err := json.Unmarshal(out.Bytes(), &summary); err != nil || code != 1 || summary.Indexed != 5 {
				t.Fatalf("%d, %v\n%s%s", code, err, out.String(), errs.String())
			}
			for _, want := range []string{"the server at " + listener.Addr().String(), fmt.Sprintf("%d documents have receipts", summary.Indexed), "run the same command again"} {
				if !strings.Contains(errs.String(), want) || !strings.Contains(summary.Stopped, want) {
					t.Errorf("%q is not said:\n%s\n%s", want, errs.String(), out.String())
				}
			}
		})
	}
}

// Ctrl-C during a run says how far it came.
func TestAnInterruptedRunCounts(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	var out, errs bytes.Buffer
	in := &interrupting{interrupt: interrupt}
	code := run(ctx, []string{"--data", t.TempDir(), "index", "-"}, streams{in: in, out: &out, err: &errs})
	if code != 1 || !strings.Contains(errs.String(), "interrupted") || !strings.Contains(errs.String(), "have receipts") && !strings.Contains(errs.String(), "has a receipt") {
		t.Errorf("%d\n%s%s", code, out.String(), errs.String())
	}
}

// interrupting is an endless input that is interrupted after some documents.
type interrupting struct {
	records
	interrupt func()
}

func (i *interrupting) Read(p []byte) (int, error) {
	if i.n == 3000 {
		i.interrupt()
	}
	return i.records.Read(p)
}
