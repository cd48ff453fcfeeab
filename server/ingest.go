package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"google.golang.org/grpc"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

type ingestStream = grpc.BidiStreamingServer[dalilv1.IngestDocumentsRequest, dalilv1.IngestDocumentsResponse]

// IngestDocuments writes the documents of a stream. Three goroutines serve it: one
// reads requests, one sends receipts, one is the write path. The handler's own
// goroutine connects them. It never waits for only one of them, so that it can end
// the stream when the client disconnects or the server stops. The reader and the
// sender end when gRPC ends the stream, right after the handler returns.
func (s *documentService) IngestDocuments(wire ingestStream) error {
	ctx, cancel := context.WithCancel(wire.Context())
	i := &ingest{
		serving: s.serving, wire: wire, inbox: inboxOf(wire), open: true, waiting: map[int]waiting{},
		arrivals: make(chan arrival), raws: make(chan corpus.Raw), reports: make(chan report),
		outbox: make(chan *dalilv1.IngestDocumentsResponse), sent: make(chan error), written: make(chan error, 1),
		trail: entryOf(wire.Context()).trail, noted: make(chan struct{}, 1),
	}
	s.stragglers.Go(func() { i.receive(ctx) })
	s.stragglers.Go(func() { i.send(ctx) })
	var writing sync.WaitGroup
	writing.Go(func() {
		i.written <- contained(func() error { return s.deps.Ingester.Ingest(ctx, i.raws, i.reporter(ctx)) })
	})
	err := i.coordinate(ctx)
	cancel()
	writing.Wait()
	for _, w := range i.waiting {
		s.budget.Release(w.weight)
		w.settled()
	}
	return err
}

// ingest is one open stream. Only the handler's goroutine uses the fields below the
// channels.
type ingest struct {
	*serving
	wire  ingestStream
	inbox *inbox

	arrivals chan arrival
	raws     chan corpus.Raw
	reports  chan report
	outbox   chan *dalilv1.IngestDocumentsResponse
	sent     chan error
	written  chan error
	trail    *trail        // nil: nothing is recorded
	noted    chan struct{} // receives when the receipts that were being recorded are

	open    bool     // more requests are wanted
	broken  error    // why reading stopped, unless the client closed its side
	next    *arrival // the next document for the write path
	handed  int      // raws given to the write path
	done    bool     // the write path has ended
	failed  error    // its error
	taken   int      // requests whose receipt has not been sent yet
	queue   []*dalilv1.IngestDocumentsResponse
	sending bool
	waiting map[int]waiting // documents in the write path, by their number
	// Receipts wait until the audit log has them: those that are being recorded, and
	// those that come after them.
	noting, toNote []*dalilv1.IngestDocumentsResponse
}

// arrival is one request, or the end of them.
type arrival struct {
	req    *dalilv1.IngestDocumentsRequest
	raw    corpus.Raw
	weight int64
	// settled ends the charge for the document's estimated tokens.
	settled func()
	bad     error // the document is beyond the limits, or must not be written now
	end     error // io.EOF, or why reading ended
}

type waiting struct {
	sequence int64
	document *dalilv1.DocumentInput // without its text
	weight   int64
	settled  func()
}

type report struct {
	place   int
	receipt corpus.Receipt
}

// receive reads requests. A document waits here until its caller may embed, and until
// the budget of the write path has room for its bytes.
func (i *ingest) receive(ctx context.Context) {
	for {
		a := arrival{settled: func() {}}
		a.req, a.end = i.wire.Recv()
		if a.end == nil {
			if a.bad = i.inbox.refused; a.bad == nil {
				a.bad = check(a.req, &i.options.Limits)
			}
			if a.bad == nil {
				a.bad = i.mayChange()
			}
			if a.bad == nil {
				a.raw = raw(a.req.GetDocument())
				a.raw.If = condition(a.req.GetIfMatch(), a.req.GetIfNoneMatch())
				a.weight = i.weight(a.raw)
				if a.settled, a.end = i.chargeDocument(ctx, a.weight); a.end != nil {
					return
				}
				if i.budget.Acquire(ctx, a.weight) != nil {
					a.settled()
					return
				}
			}
		}
		select {
		case i.arrivals <- a:
		case <-ctx.Done():
			i.budget.Release(a.weight)
			a.settled()
			return
		}
		if a.end != nil {
			return
		}
	}
}

func (i *ingest) send(ctx context.Context) {
	for {
		select {
		case m := <-i.outbox:
			err := i.wire.Send(m)
			select {
			case i.sent <- err:
			case <-ctx.Done():
				return
			}
		case <-ctx.Done():
			return
		}
	}
}

// reporter never waits for the client. The handler accepts every report at once, so
// a client that does not read cannot delay a write that its documents share with
// others.
func (i *ingest) reporter(ctx context.Context) func(int, corpus.Receipt) {
	return func(place int, r corpus.Receipt) {
		select {
		case i.reports <- report{place, r}:
		case <-ctx.Done():
		}
	}
}

// coordinate passes requests to the write path and receipts to the client until
// every request is acknowledged.
func (i *ingest) coordinate(ctx context.Context) error {
	stall := time.NewTimer(i.options.StallTimeout)
	defer stall.Stop()
	draining, ended := i.draining, endsWith(ctx)
	closed := false
	for {
		if !i.open && i.next == nil && !closed {
			close(i.raws)
			closed = true
		}
		if i.done && len(i.queue) == 0 && len(i.noting) == 0 && !i.sending {
			return i.verdict()
		}
		var arrivals <-chan arrival
		if i.open && i.next == nil && i.taken < i.options.IngestWindow {
			arrivals = i.arrivals
		}
		var raws chan<- corpus.Raw
		var next corpus.Raw
		if i.next != nil {
			raws, next = i.raws, i.next.raw
		}
		var outbox chan<- *dalilv1.IngestDocumentsResponse
		var first *dalilv1.IngestDocumentsResponse
		if len(i.queue) > 0 && !i.sending {
			outbox, first = i.outbox, i.queue[0]
		}
		select {
		case a := <-arrivals:
			i.arrived(a)
		case raws <- next:
			i.next = nil
		case r := <-i.reports:
			i.reported(r)
		case outbox <- first:
			i.queue, i.sending = i.queue[1:], true
		case <-i.noted:
			i.queue, i.noting = append(i.queue, i.noting...), nil
			i.note()
		case err := <-i.sent:
			if err != nil {
				return i.lost(ctx, err)
			}
			i.sending = false
			i.taken--
		case i.failed = <-i.written:
			if i.failed == nil && !closed {
				i.failed = errors.New("the write path ended before its input")
			}
			i.done, i.open, i.next = true, false, nil
			closed = true // the write path no longer reads raws
		case <-draining:
			draining = nil
			if i.open {
				i.open, i.broken = false, errDraining
			}
		case <-ended:
			ended = nil
			if i.open {
				i.open, i.broken = false, whyOver(ctx)
			}
		case <-stall.C:
			if i.clientsTurn() {
				return errStalled
			}
		case <-ctx.Done():
			return i.lost(ctx, ctx.Err())
		}
		stall.Reset(i.options.StallTimeout)
	}
}

// arrived accepts one request and numbers it. The numbers are in the order in which
// the write path gets the documents.
func (i *ingest) arrived(a arrival) {
	switch {
	case errors.Is(a.end, io.EOF):
		i.open = false
	case a.end != nil:
		i.open, i.broken = false, a.end
	case a.bad != nil:
		i.taken++
		i.queue = append(i.queue, i.answered(a.req.GetSequence(), a.req.GetDocument(), corpus.Receipt{Outcome: corpus.Failed, Err: a.bad}))
	default:
		i.taken++
		i.waiting[i.handed] = waiting{a.req.GetSequence(), outline(a.req.GetDocument()), a.weight, a.settled}
		i.handed++
		i.next = &a
	}
}

func (i *ingest) reported(r report) {
	w, known := i.waiting[r.place]
	if !known {
		return // its receipt was reported before
	}
	delete(i.waiting, r.place)
	i.budget.Release(w.weight)
	w.settled()
	i.toNote = append(i.toNote, i.answered(w.sequence, w.document, r.receipt))
	i.note()
}

// answered returns the answer to a document.
func (i *ingest) answered(sequence int64, d *dalilv1.DocumentInput, r corpus.Receipt) *dalilv1.IngestDocumentsResponse {
	r.Err = inDocument(d, r.Err)
	i.record(i.wire.Context(), d, &r)
	return &dalilv1.IngestDocumentsResponse{Sequence: sequence, Receipt: i.toReceipt(d.GetDocumentId(), r)}
}

// note records receipts in the audit log, all that have gathered together. It does
// nothing while others are being recorded.
func (i *ingest) note() {
	switch {
	case len(i.noting) > 0 || len(i.toNote) == 0:
	case i.trail == nil:
		i.queue, i.toNote = append(i.queue, i.toNote...), nil
	default:
		i.noting, i.toNote = i.toNote, nil
		now := i.noting
		i.stragglers.Go(func() {
			i.trail.receipts(now)
			i.noted <- struct{}{}
		})
	}
}

// outline has what a receipt and the list of failures need to know about a document: its
// id, where it is from, and whether it has a body.
func outline(d *dalilv1.DocumentInput) *dalilv1.DocumentInput {
	kept := &dalilv1.DocumentInput{DocumentId: d.GetDocumentId(), Source: d.GetSource()}
	if d.GetBody() != nil {
		kept.Content = &dalilv1.DocumentInput_Body{Body: &dalilv1.Body{}}
	}
	return kept
}

// clientsTurn reports whether the stream waits for its client only. While a
// document waits for memory, it does not.
func (i *ingest) clientsTurn() bool {
	return i.sending || !i.inbox.ours.Load() && i.open && i.next == nil && len(i.waiting) == 0 && len(i.queue) == 0 && len(i.noting) == 0
}

// verdict returns how a stream ends after all its receipts are sent.
func (i *ingest) verdict() error {
	switch {
	case i.failed != nil:
		return i.failed
	case len(i.waiting) > 0 && i.broken == nil:
		return fmt.Errorf("the write path ended without a receipt for %d documents", len(i.waiting))
	}
	return i.broken
}

// lost returns how a broken stream ends.
func (i *ingest) lost(ctx context.Context, err error) error {
	if over := over(ctx); over != nil {
		return &ended{over, err}
	}
	return err
}
