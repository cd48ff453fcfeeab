package gateway

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"dalil/client"
	"dalil/corpus"
	"dalil/parser"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/proto/wirejson"
	"dalil/server"
)

// lineSource names the stream in errors of the parser.
const lineSource = "request"

// ingest writes a stream of documents, one JSON object a line, as "dalil index" reads JSON Lines. It answers with one
// line for each, an IngestDocumentsResponse whose sequence is the number of the document in the stream, from 1. It
// reads on while it answers: a goroutine reads documents and sends them to the server, which stops reading when too
// many have no receipt. An error ends the answer with a line {"error": …}; documents without a receipt may or may not
// be written.
func (g *gateway) ingest(a *answer, r *http.Request) {
	from, problem := inflated(r)
	if problem == nil && r.URL.RawQuery != "" {
		problem = invalid("address", "must have no query")
	}
	if problem != nil {
		a.refuse(problem)
		return
	}
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	control := http.NewResponseController(a.ResponseWriter)
	_ = control.EnableFullDuplex() // HTTP/2 always has it
	stream, err := dalilv1.NewDocumentServiceClient(g.calls).IngestDocuments(outgoing(ctx, r.Header))
	if err != nil {
		g.fail(ctx, nil, nil, a, r, err)
		return
	}
	i := &ingest{
		answer: a, control: control, stall: g.options.Stall, stream: stream, stop: cancel, warnings: map[int64][]string{},
		kept: func(id string, err error) {
			g.server.Refused(ctx, r.Header, server.CallerOfRequest(r, g.loopback), id, err)
		},
		body: &lineBudget{from: from, reserve: func() bool { return g.reserve(ctx, pieceBytes) }, release: func(n int64) { g.bodies.Release(n) }},
	}
	var reading sync.WaitGroup
	read := make(chan struct{})
	reading.Go(func() {
		i.send()
		close(read) // before CloseSend, which lets receive end
		_ = stream.CloseSend()
	})
	err = i.receive()
	interrupted := false
	select {
	case <-read: // a deadline after the end of the body would cancel every later request of the connection
	default:
		interrupted = true
		_ = control.SetReadDeadline(time.Now()) // ends a read that waits for the client
	}
	cancel()
	reading.Wait()
	if interrupted && !a.direct {
		a.Header().Set("Connection", "close") // the body may have ended just before the deadline
	}
	i.body.free()
	i.finish(g, r, err)
	if i.broken != nil || !errors.Is(err, io.EOF) {
		a.finish()
		discard(control, r.Body)
	}
}

// discard reads some of what a client still sends, so that it sees the answer before the connection is closed.
func discard(control *http.ResponseController, body io.Reader) {
	_ = control.Flush()
	_ = control.SetReadDeadline(time.Now().Add(time.Second))
	_, _ = io.CopyN(io.Discard, body, 1<<20)
	_ = control.SetReadDeadline(time.Time{})
}

// ingest is one open stream.
type ingest struct {
	answer  *answer
	control *http.ResponseController
	stall   time.Duration
	stream  dalilv1.DocumentService_IngestDocumentsClient
	stop    context.CancelFunc
	body    *lineBudget
	kept    func(id string, err error) // keeps the failure of a line
	broken  *refusal                   // why reading ended early; read after send has ended

	mu       sync.Mutex
	warnings map[int64][]string // of documents without a receipt
	lost     bool               // the client no longer receives
}

// send reads documents and sends them.
func (i *ingest) send() {
	sequence := int64(0)
	for raw, err := range parser.JSONLines(i.body, lineSource) {
		sequence++
		var invalid *corpus.InvalidError
		switch {
		case errors.As(err, &invalid):
			receipt := refused(raw, invalid)
			i.kept(receipt.GetDocumentId(), invalid)
			i.write(&dalilv1.IngestDocumentsResponse{Sequence: sequence, Receipt: receipt})
			continue
		case err != nil:
			i.broken = unreadable(err)
			return
		}
		if _, place := parser.PlaceOf(raw.Document.ID, lineSource); place {
			raw.Document.ID = parser.ContentID(raw.Document)
		}
		if _, place := parser.PlaceOf(raw.Document.Source, lineSource); place {
			raw.Document.Source = ""
		}
		i.remember(sequence, raw.Warnings)
		if i.stream.Send(&dalilv1.IngestDocumentsRequest{Sequence: sequence, Document: client.Input(raw)}) != nil {
			return // receive gets the reason
		}
	}
}

// receive passes receipts to the client until the server ends the stream.
func (i *ingest) receive() error {
	for {
		response, err := i.stream.Recv()
		if err != nil {
			return err
		}
		if more := i.recall(response.GetSequence()); len(more) > 0 && response.GetReceipt() != nil {
			response.Receipt.Warnings = slices.Concat(more, response.GetReceipt().GetWarnings())
		}
		i.write(response)
	}
}

func (i *ingest) remember(sequence int64, warnings []string) {
	if len(warnings) > 0 {
		i.mu.Lock()
		defer i.mu.Unlock()
		i.warnings[sequence] = warnings
	}
}

func (i *ingest) recall(sequence int64) []string {
	i.mu.Lock()
	defer i.mu.Unlock()
	warnings := i.warnings[sequence]
	delete(i.warnings, sequence)
	return warnings
}

// refused is the receipt of a line that is no document.
func refused(raw corpus.Raw, err *corpus.InvalidError) *dalilv1.Receipt {
	failure := &dalilv1.Failure{Reason: dalilv1.ErrorReason_ERROR_REASON_INVALID, Message: err.Error()}
	for _, v := range err.Violations {
		failure.Violations = append(failure.Violations, &dalilv1.FieldViolation{
			Field: v.Field, Description: v.Description, Limit: v.Limit, Got: v.Got,
		})
	}
	id := raw.Document.ID
	if _, place := parser.PlaceOf(id, lineSource); place {
		id = ""
	}
	return &dalilv1.Receipt{DocumentId: id, Outcome: dalilv1.Outcome_OUTCOME_FAILED, Failure: failure, Warnings: raw.Warnings}
}

// write sends one line. If the client does not receive it in time, the stream ends.
func (i *ingest) write(response *dalilv1.IngestDocumentsResponse) {
	line, err := wirejson.Marshal(response)
	if err == nil {
		err = i.line(line)
	}
	if err != nil {
		i.stop()
	}
}

func (i *ingest) line(line []byte) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.lost {
		return io.ErrClosedPipe
	}
	if !i.answer.direct {
		i.answer.Header().Set("Content-Type", lineTypes[0])
		i.answer.stream()
	}
	_ = i.control.SetWriteDeadline(time.Now().Add(i.stall))
	_, err := i.answer.Write(append(line, '\n'))
	if err == nil {
		err = i.control.Flush()
	}
	i.lost = err != nil
	return err
}

// finish ends the answer. An error before the first receipt has the status of HTTP, a later one is the last line.
func (i *ingest) finish(g *gateway, r *http.Request, err error) {
	var s *status.Status
	ended := false // because of what the client sent
	switch {
	case !errors.Is(err, io.EOF) && (i.broken == nil || status.Code(err) != codes.Canceled):
		s = detailed(status.Convert(err))
	case i.broken != nil:
		s, ended = i.broken.status(), true
	case !i.answer.direct: // there was no document
		i.answer.Header().Set("Content-Type", lineTypes[0])
		i.answer.WriteHeader(http.StatusOK)
		return
	default:
		return
	}
	if !i.answer.direct {
		if ended && i.broken.http != 0 {
			i.answer.refuse(i.broken)
			return
		}
		g.fail(r.Context(), nil, nil, i.answer, r, s.Err())
		return
	}
	_ = i.line(slices.Concat([]byte(`{"error":`), statusJSON(s), []byte("}"))) // the client may be gone
}
