package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"

	"google.golang.org/grpc"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

// Ingest streams documents and reads their receipts meanwhile.
func Ingest(ctx context.Context, connection grpc.ClientConnInterface, raws <-chan corpus.Raw, report func(corpus.Receipt)) error {
	stream, err := dalilv1.NewDocumentServiceClient(connection).IngestDocuments(ctx)
	if err != nil {
		return err
	}
	unique := map[string]string{}
	var origins sync.Map // sequence → origin
	sent := make(chan error, 1)
	receipts := make(chan corpus.Receipt)
	done := make(chan struct{})
	go func() { // report is called from one goroutine
		defer close(done)
		for r := range receipts {
			report(r)
		}
	}()
	go func() {
		var sequence int64
		for raw := range raws {
			id := raw.Document.ID
			if first, taken := unique[id]; taken {
				receipts <- corpus.Receipt{
					DocumentID: id, Source: raw.Document.Source, Outcome: corpus.Failed,
					Err: corpus.Invalid("id", fmt.Sprintf("%q is the id of both %s and %s", id, first, raw.Document.Source)),
				}
				continue
			}
			unique[id] = raw.Document.Source
			sequence++
			origins.Store(sequence, origin{raw.Document.Source, raw.Warnings})
			if err := stream.Send(&dalilv1.IngestDocumentsRequest{Sequence: sequence, Document: input(raw)}); err != nil {
				for range raws { // the walk must not wait for a stream that is gone
				}
				break
			}
		}
		sent <- stream.CloseSend()
	}()
	var failed error
	for {
		response, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			failed = err
			break
		}
		r := fromWire(response.GetReceipt())
		if v, ok := origins.LoadAndDelete(response.GetSequence()); ok {
			from := v.(origin)
			r.Source, r.Warnings = from.source, slices.Concat(from.warnings, r.Warnings)
		}
		receipts <- r
	}
	err = <-sent
	close(receipts)
	<-done
	if failed != nil {
		return failed
	}
	return err
}

// origin is what a server does not know of a document: where it was read, and
// what was noticed there.
type origin struct {
	source   string
	warnings []string
}
