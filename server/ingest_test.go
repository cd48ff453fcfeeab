package server_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"google.golang.org/grpc"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/server"
)

func document(id, text string) *dalilv1.DocumentInput {
	return &dalilv1.DocumentInput{DocumentId: id, Content: &dalilv1.DocumentInput_Text{Text: text}}
}

// ingestAll sends the documents, numbered from 100 on, reading beside it, and
// returns the receipts by sequence less 100.
func ingestAll(ctx context.Context, r *running, documents ...*dalilv1.DocumentInput) ([]*dalilv1.IngestDocumentsResponse, error) {
	stream, err := r.documents.IngestDocuments(ctx)
	if err != nil {
		return nil, err
	}
	go func() {
		for i, d := range documents {
			if stream.Send(&dalilv1.IngestDocumentsRequest{Sequence: int64(100 + i), Document: d}) != nil {
				return
			}
		}
		stream.CloseSend()
	}()
	receipts := make([]*dalilv1.IngestDocumentsResponse, len(documents))
	for {
		m, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return receipts, nil
		}
		if err != nil {
			return receipts, err
		}
		at := m.GetSequence() - 100
		if at < 0 || at >= int64(len(receipts)) || receipts[at] != nil {
			return receipts, fmt.Errorf("sequence %d was not sent, or is told twice", m.GetSequence())
		}
		receipts[at] = m
	}
}

func TestEveryDocumentHasItsReceipt(t *testing.T) {
	h := newBackend()
	// The write path answers several at a time; each third document is answered
	// after its successor.
	h.ingest = func(_ context.Context, raws <-chan corpus.Raw, report func(int, corpus.Receipt)) error {
		var mu sync.Mutex
		var wg sync.WaitGroup
		answer := func(place int, raw corpus.Raw, after <-chan struct{}) <-chan struct{} {
			done := make(chan struct{})
			wg.Go(func() {
				defer close(done)
				<-after
				receipt := h.put(raw)
				mu.Lock()
				defer mu.Unlock()
				report(place, receipt)
			})
			return done
		}
		at := make(chan struct{})
		close(at)
		var held *corpus.Raw
		place := 0
		for raw := range raws {
			switch {
			case place%3 == 0:
				held = &raw
			case held != nil:
				answer(place-1, *held, answer(place, raw, at))
				held = nil
			default:
				answer(place, raw, at)
			}
			place++
		}
		if held != nil {
			answer(place-1, *held, at)
		}
		wg.Wait()
		return nil
	}
	limits := server.DefaultLimits()
	limits.DocumentBytes = 5000
	r := serve(t, h, server.Options{Limits: limits, IngestWindow: 16, IngestBytes: 8000})
	const n = 500
	documents := make([]*dalilv1.DocumentInput, n)
	for i := range documents {
		documents[i] = document(fmt.Sprintf("doc-%d", i), strings.Repeat("x", 1+i*7))
		switch i % 50 {
		case 7:
			documents[i] = document(fmt.Sprintf("doc-%d", i), "poison")
		case 8:
			documents[i] = document("", "no id")
		case 9:
			documents[i] = nil
		case 10:
			documents[i] = document(fmt.Sprintf("doc-%d", i), strings.Repeat("x", 5001))
		}
	}
	receipts, err := ingestAll(t.Context(), r, documents...)
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range receipts {
		want := dalilv1.Outcome_OUTCOME_INDEXED
		if k := i % 50; k >= 7 && k <= 10 {
			want = dalilv1.Outcome_OUTCOME_FAILED
		}
		got := m.GetReceipt()
		if got.GetOutcome() != want || got.GetDocumentId() != documents[i].GetDocumentId() || (got.GetFailure() != nil) != (want == dalilv1.Outcome_OUTCOME_FAILED) {
			t.Errorf("document %d: %v, want %v", i, got, want)
		}
	}
	if got, want := h.held(), n-n/50*4; got != want {
		t.Errorf("%d documents are held, want %d", got, want)
	}
}

func TestAStreamOfNothing(t *testing.T) {
	r := serve(t, newBackend(), server.Options{})
	if receipts, err := ingestAll(t.Context(), r); err != nil || len(receipts) != 0 {
		t.Errorf("%d receipts, error %v", len(receipts), err)
	}
}

// counted counts what the write path has taken, and holds it until released.
func counted(release <-chan struct{}) (func(context.Context, <-chan corpus.Raw, func(int, corpus.Receipt)) error, func() int) {
	var mu sync.Mutex
	n := 0
	return func(ctx context.Context, raws <-chan corpus.Raw, report func(int, corpus.Receipt)) error {
			var places []int
			for raws != nil || len(places) > 0 {
				select {
				case _, more := <-raws:
					if !more {
						raws = nil
						break
					}
					mu.Lock()
					places = append(places, n)
					n++
					mu.Unlock()
				case <-release:
					release = nil
				case <-ctx.Done():
					return ctx.Err()
				}
				for release == nil && len(places) > 0 {
					report(places[0], corpus.Receipt{Outcome: corpus.Indexed})
					places = places[1:]
				}
			}
			return nil
		}, func() int {
			mu.Lock()
			defer mu.Unlock()
			return n
		}
}

func TestTheWindowHoldsTheClientBack(t *testing.T) {
	for name, test := range map[string]struct {
		options server.Options
		want    int
	}{
		"by documents": {server.Options{IngestWindow: 10}, 10},
		"by bytes":     {server.Options{IngestBytes: 5 * 1001}, 5},
	} {
		t.Run(name, func(t *testing.T) {
			h := newBackend()
			bubble(t, h, test.options, func(t *testing.T, r *running) {
				release := make(chan struct{})
				var taken func() int
				h.ingest, taken = counted(release)
				done := make(chan error, 1)
				go func() {
					documents := make([]*dalilv1.DocumentInput, 40)
					for i := range documents {
						documents[i] = document(fmt.Sprint(i), strings.Repeat("x", 1000))
					}
					receipts, err := ingestAll(t.Context(), r, documents...)
					for i, m := range receipts {
						if err == nil && m.GetReceipt().GetOutcome() != dalilv1.Outcome_OUTCOME_INDEXED {
							err = fmt.Errorf("document %d: %v", i, m)
						}
					}
					done <- err
				}()
				synctest.Wait() // nobody can go on
				if got := taken(); got != test.want {
					t.Errorf("the write path was given %d documents, want %d", got, test.want)
				}
				close(release)
				if err := <-done; err != nil {
					t.Error(err)
				}
			})
		})
	}
}

type ingestClient = grpc.BidiStreamingClient[dalilv1.IngestDocumentsRequest, dalilv1.IngestDocumentsResponse]
