package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/timestamppb"

	"dalil/corpus"
	"dalil/indexer"
	dalilv1 "dalil/proto/dalil/v1"
)

// IndexRemote walks the paths here and writes what it finds into a server.
func IndexRemote(ctx context.Context, connection grpc.ClientConnInterface, request IndexRequest, progress func(corpus.Receipt)) (Summary, error) {
	if request.DryRun {
		return Summary{}, errors.New("--dry-run needs the local store: a server writes what it is given")
	}
	client := dalilv1.NewDocumentServiceClient(connection)
	return run(ctx, request, progress,
		func(ctx context.Context, raws <-chan corpus.Raw, report func(corpus.Receipt)) error {
			return ingest(ctx, client, raws, report)
		},
		func(ctx context.Context, paths []string, seen map[string]bool) ([]string, error) {
			return pruneRemote(ctx, client, paths, seen)
		})
}

// ingest streams documents and reads their receipts meanwhile.
func ingest(ctx context.Context, client dalilv1.DocumentServiceClient, raws <-chan corpus.Raw, report func(corpus.Receipt)) error {
	stream, err := client.IngestDocuments(ctx)
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

func input(raw corpus.Raw) *dalilv1.DocumentInput {
	d := raw.Document
	in := &dalilv1.DocumentInput{
		DocumentId: d.ID, Title: d.Title, Url: d.URL, Source: d.Source, Language: d.Language, Author: d.Author, Tags: d.Tags,
		Metadata: maps.Clone(d.Metadata),
	}
	if !d.PublishedAt.IsZero() {
		in.PublishedAt = timestamppb.New(d.PublishedAt)
	}
	if raw.Body == nil {
		in.Content = &dalilv1.DocumentInput_Text{Text: strings.ToValidUTF8(d.Text, "\uFFFD")}
	} else {
		in.Content = &dalilv1.DocumentInput_Body{Body: &dalilv1.Body{Data: raw.Body, MediaType: raw.MediaType}}
	}
	return in
}

func fromWire(r *dalilv1.Receipt) corpus.Receipt {
	receipt := corpus.Receipt{
		DocumentID: r.GetDocumentId(), Revision: r.GetRevision(), Chunks: int(r.GetPassages()), Tokens: int(r.GetTokens()),
		Cut: int(r.GetCutPassages()), Outcome: corpus.Outcome(r.GetOutcome()),
		Warnings: r.GetWarnings(),
	}
	if f := r.GetFailure(); f != nil {
		receipt.Err = &remoteError{f}
	}
	return receipt
}

// remoteError is what a server says of a document.
type remoteError struct{ failure *dalilv1.Failure }

func (e *remoteError) Error() string { return e.failure.GetMessage() }

// Is reports the kinds that are a fault of the server's surroundings and not of
// the document.
func (e *remoteError) Is(target error) bool {
	switch e.failure.GetReason() {
	case dalilv1.ErrorReason_ERROR_REASON_UNAVAILABLE:
		return target == corpus.ErrUnavailable
	case dalilv1.ErrorReason_ERROR_REASON_EXHAUSTED:
		return target == corpus.ErrExhausted
	}
	return false
}

// pruneRemote lists the server's documents and deletes what is gone here.
func pruneRemote(ctx context.Context, client dalilv1.DocumentServiceClient, paths []string, seen map[string]bool) ([]string, error) {
	below, err := indexer.Below(paths)
	if err != nil {
		return nil, err
	}
	var gone []string
	for token := ""; ; {
		page, err := client.ListDocuments(ctx, &dalilv1.ListDocumentsRequest{PageToken: token})
		if err != nil {
			return nil, err
		}
		for _, d := range page.GetDocuments() {
			if !seen[d.GetDocumentId()] && below(d.GetDocumentId(), d.GetSource()) {
				gone = append(gone, d.GetDocumentId())
			}
		}
		if token = page.GetNextPageToken(); token == "" {
			break
		}
	}
	for _, id := range gone {
		if _, err := client.DeleteDocument(ctx, &dalilv1.DeleteDocumentRequest{DocumentId: id}); err != nil {
			return nil, err
		}
	}
	return gone, nil
}
