package chaos_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	dalilv1 "dalil/proto/dalil/v1"
)

// load is what clients do meanwhile: write, delete and ask.
type load struct {
	model    *model
	connect  func() grpc.ClientConnInterface // of the server that runs now
	answered atomic.Int64
	wrong    chan string // answers that no trouble excuses
}

// run writes with three clients and asks with two until ctx ends.
func (l *load) run(ctx context.Context) {
	var wg sync.WaitGroup
	for w := range 3 {
		wg.Go(func() { l.write(ctx, w) })
	}
	for range 2 {
		wg.Go(func() { l.ask(ctx) })
	}
	wg.Wait()
}

// write sends small streams of documents, and deletes one now and then. The ids
// are this writer's own.
func (l *load) write(ctx context.Context, writer int) {
	random := rand.New(rand.NewPCG(uint64(writer), 7))
	for ctx.Err() == nil {
		documents := dalilv1.NewDocumentServiceClient(l.connect())
		if random.IntN(4) == 0 {
			l.delete(ctx, documents, id(writer, random))
			continue
		}
		l.stream(ctx, documents, writer, random)
	}
}

func id(writer int, random *rand.Rand) string {
	return fmt.Sprintf("w%dn%d", writer, random.IntN(60))
}

func (l *load) delete(ctx context.Context, documents dalilv1.DocumentServiceClient, id string) {
	version := l.model.next(id, true)
	if _, err := documents.DeleteDocument(ctx, &dalilv1.DeleteDocumentRequest{DocumentId: id}); err == nil {
		l.model.acknowledge(id, version)
	} else {
		l.failed(ctx, "delete", err)
	}
}

// stream writes up to twenty different documents.
func (l *load) stream(ctx context.Context, documents dalilv1.DocumentServiceClient, writer int, random *rand.Rand) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := documents.IngestDocuments(ctx)
	if err != nil {
		l.failed(ctx, "ingest", err)
		return
	}
	type sent struct {
		id      string
		version int
	}
	all, used := []sent{}, map[string]bool{}
	for range 1 + random.IntN(20) {
		one := id(writer, random)
		if used[one] {
			continue
		}
		used[one] = true
		all = append(all, sent{one, l.model.next(one, false)})
	}
	go func() {
		for i, s := range all {
			input := &dalilv1.DocumentInput{DocumentId: s.id, Content: &dalilv1.DocumentInput_Text{Text: text(s.id, s.version)}}
			if stream.Send(&dalilv1.IngestDocumentsRequest{Sequence: int64(i), Document: input}) != nil {
				return // Recv says why
			}
		}
		_ = stream.CloseSend() // never fails
	}()
	for range all {
		answer, err := stream.Recv()
		if err != nil {
			l.failed(ctx, "ingest", err)
			return
		}
		s := all[answer.GetSequence()]
		switch receipt := answer.GetReceipt(); receipt.GetOutcome() {
		case dalilv1.Outcome_OUTCOME_INDEXED, dalilv1.Outcome_OUTCOME_UNCHANGED:
			l.model.acknowledge(s.id, s.version)
		default:
			if f := receipt.GetFailure(); !f.GetRetryable() && f.GetReason() != dalilv1.ErrorReason_ERROR_REASON_CANCELLED {
				l.report(fmt.Sprintf("receipt of %s: %v", s.id, f))
			}
		}
	}
}

func (l *load) ask(ctx context.Context) {
	for ctx.Err() == nil {
		search := dalilv1.NewSearchServiceClient(l.connect())
		one, cancel := context.WithTimeout(ctx, 10*time.Second)
		_, err := search.Search(one, &dalilv1.SearchRequest{Query: "rivers and cities"})
		cancel()
		if err == nil {
			l.answered.Add(1)
		} else {
			l.failed(ctx, "search", err)
		}
	}
}

// failed waits a little and reports a failure that trouble does not excuse.
func (l *load) failed(ctx context.Context, what string, err error) {
	switch status.Code(err) {
	case codes.Unavailable, codes.Canceled, codes.ResourceExhausted, codes.DeadlineExceeded:
	case codes.FailedPrecondition: // nothing is indexed yet
	default:
		if ctx.Err() == nil {
			l.report(what + ": " + err.Error())
		}
	}
	select {
	case <-ctx.Done():
	case <-time.After(20 * time.Millisecond):
	}
}

func (l *load) report(fault string) {
	select {
	case l.wrong <- fault:
	default: // enough is known
	}
}
