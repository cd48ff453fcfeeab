package client

import (
	"context"
	"errors"
	"io"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
	"google.golang.org/grpc"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

// Ingest sends the documents that arrive on raws until the channel is closed. It
// calls report with each receipt, from one goroutine. It returns nil when every
// document has a receipt. The first error of the stream ends it: no further
// document is taken from raws, and documents without a receipt may or may not have
// been written.
func Ingest(ctx context.Context, connection grpc.ClientConnInterface, raws <-chan corpus.Raw, report func(corpus.Receipt)) error {
	group, ctx := errgroup.WithContext(ctx) // whichever part fails first ends the others, and is the cause
	stream, err := dalilv1.NewDocumentServiceClient(connection).IngestDocuments(ctx)
	if err != nil {
		return err
	}
	s := &sending{stream: stream, unique: map[string]string{}, receipts: make(chan corpus.Receipt)}
	var both sync.WaitGroup // that send receipts
	both.Add(2)
	group.Go(func() error { defer both.Done(); return s.send(ctx, raws) })
	group.Go(func() error { defer both.Done(); return s.receive() })
	group.Go(func() error { both.Wait(); close(s.receipts); return nil })
	for r := range s.receipts {
		report(r)
	}
	return group.Wait()
}

// sending is one stream of documents.
type sending struct {
	stream   grpc.BidiStreamingClient[dalilv1.IngestDocumentsRequest, dalilv1.IngestDocumentsResponse]
	unique   map[string]string // id → source
	origins  sync.Map          // sequence → origin, of documents without a receipt
	receipts chan corpus.Receipt
	done     atomic.Bool // every document was sent
}

func (s *sending) send(ctx context.Context, raws <-chan corpus.Raw) error {
	for sequence := int64(1); ; {
		select {
		case <-ctx.Done():
			return nil // the cause of the cancellation is returned elsewhere
		case raw, more := <-raws:
			if !more {
				s.done.Store(true)
				return s.stream.CloseSend()
			}
			if first, taken := s.unique[raw.Document.ID]; taken && raw.Document.ID != "" {
				s.receipts <- twice(raw, first)
				continue
			}
			s.unique[raw.Document.ID] = raw.Document.Source
			s.origins.Store(sequence, origin{raw.Document.Source, raw.Warnings})
			req := &dalilv1.IngestDocumentsRequest{Sequence: sequence, Document: Input(raw), IfMatch: raw.If.ETag}
			if raw.If.Absent {
				req.IfNoneMatch = "*"
			}
			if err := s.stream.Send(req); err != nil {
				if errors.Is(err, io.EOF) {
					return nil // the stream is broken; Recv returns the reason
				}
				return err
			}
			sequence++
		}
	}
}

// twice returns the receipt of a document whose id another document of the same run has.
func twice(raw corpus.Raw, first string) corpus.Receipt {
	id := raw.Document.ID
	return corpus.Receipt{
		DocumentID: id, Source: raw.Document.Source, Outcome: corpus.Failed, Err: corpus.DuplicateID(id, first, raw.Document.Source),
	}
}

func (s *sending) receive() error {
	for {
		response, err := s.stream.Recv()
		switch {
		case errors.Is(err, io.EOF) && s.done.Load():
			return nil
		case errors.Is(err, io.EOF):
			return corpus.Errorf(corpus.ErrUnavailable, "the server ended the stream before every document was sent")
		case err != nil:
			return err
		}
		r := fromWire(response.GetReceipt())
		if v, ok := s.origins.LoadAndDelete(response.GetSequence()); ok {
			from := v.(origin)
			r.Source, r.Warnings = from.source, slices.Concat(from.warnings, r.Warnings)
		}
		s.receipts <- r
	}
}

// origin has the parts of a document that the client does not send: where it was
// read, and the warnings of reading it.
type origin struct {
	source   string
	warnings []string
}
