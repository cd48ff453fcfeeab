package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

// reindexServer is a running server that does the steps of "dalil reindex".
type reindexServer struct {
	address string
	admin   dalilv1.AdminServiceClient
	err     io.Writer // for progress
}

// onServer runs f on the server that --server names.
func (c *reindexCommand) onServer(g *Globals, s streams, f func(*reindexServer) error) error {
	connection, err := c.connect(c.Server, g, s)
	if err != nil {
		return err
	}
	defer connection.Close()
	err = f(&reindexServer{c.Server, dalilv1.NewAdminServiceClient(connection), s.err})
	return err
}

func (r *reindexServer) readable(err error) error { return readable(err, r.address, asWritten) }

// cancelWithin is the timeout of the call that cancels an operation.
const cancelWithin = 5 * time.Second

// await waits for the end of an operation and prints its progress. If ctx is
// cancelled, it cancels the operation.
func (r *reindexServer) await(ctx context.Context, op *dalilv1.Operation) (*dalilv1.Operation, error) {
	shown := ""
	for {
		if line := progressOf(op); line != shown {
			shown = line
			fmt.Fprintln(r.err, line)
		}
		if op.GetEndedAt() != nil {
			break
		}
		waited, err := r.admin.WaitOperation(ctx, &dalilv1.WaitOperationRequest{
			OperationId: op.GetOperationId(), Timeout: durationpb.New(time.Second),
		})
		if err != nil {
			if ctx.Err() != nil {
				late, cancel := context.WithTimeout(context.WithoutCancel(ctx), cancelWithin)
				defer cancel()
				if _, err := r.admin.CancelOperation(late, &dalilv1.CancelOperationRequest{OperationId: op.GetOperationId()}); err != nil {
					fmt.Fprintf(r.err, "warning: operation %s was not cancelled: %v\n", op.GetOperationId(), r.readable(err))
				}
				return nil, ctx.Err()
			}
			return nil, r.readable(err)
		}
		op = waited.GetOperation()
	}
	if f := op.GetError(); f != nil {
		return nil, fmt.Errorf("operation %s failed: %s", op.GetOperationId(), f.GetMessage())
	}
	return op, nil
}

func progressOf(op *dalilv1.Operation) string {
	p := op.GetProgress()
	switch {
	case p.GetStep() == "":
		return "operation " + op.GetOperationId()
	case p.GetTotal() > 0:
		return fmt.Sprintf("%s: %d of %d", p.GetStep(), p.GetDone(), p.GetTotal())
	}
	return p.GetStep()
}

func (r *reindexServer) collections(ctx context.Context) ([]*dalilv1.Collection, error) {
	answer, err := r.admin.ListCollections(ctx, &dalilv1.ListCollectionsRequest{})
	if err != nil {
		return nil, r.readable(err)
	}
	return answer.GetCollections(), nil
}

func (r *reindexServer) compare(ctx context.Context, collection string, sample int) (c corpus.Comparison, err error) {
	n := int32(min(sample, 1<<20))
	request := &dalilv1.CompareCollectionsRequest{Sample: &n}
	if collection != "" {
		request.Collection = &collection
	}
	started, err := r.admin.CompareCollections(ctx, request)
	if err != nil {
		return c, r.readable(err)
	}
	op, err := r.await(ctx, started.GetOperation())
	if err != nil {
		return c, err
	}
	from := op.GetComparison()
	c = corpus.Comparison{
		Before: from.GetBefore(), After: from.GetAfter(), Questions: int(from.GetQuestions()), Overlap: from.GetOverlap(),
		Moved: from.GetMoved(), SameFirst: from.GetSameFirst(),
	}
	if from.NdcgBefore != nil && from.NdcgAfter != nil {
		c.NDCG10 = &[2]float64{from.GetNdcgBefore(), from.GetNdcgAfter()}
	}
	for _, one := range from.GetMost() {
		c.Most = append(c.Most, corpus.Change{Question: one.GetQuestion(), Overlap: one.GetOverlap(), Moved: one.GetMoved(), First: one.GetSameFirst()})
	}
	return c, nil
}

func (r *reindexServer) activate(ctx context.Context, collection string, force bool) (string, corpus.Activation, error) {
	request := &dalilv1.ActivateCollectionRequest{Force: &force}
	if collection != "" {
		request.Collection = &collection
	}
	started, err := r.admin.ActivateCollection(ctx, request)
	if err != nil {
		return "", corpus.Activation{}, r.readable(err)
	}
	op, err := r.await(ctx, started.GetOperation())
	if err != nil {
		return "", corpus.Activation{}, err
	}
	name, done := activation(op.GetActivation())
	return name, done, nil
}

func activation(a *dalilv1.Activation) (string, corpus.Activation) {
	return a.GetCollection(), corpus.Activation{Before: a.GetBefore(), Late: lagOf(a.GetLate()), Left: lagOf(a.GetLeft()), Unknown: a.GetLeftUnknown()}
}

func lagOf(l *dalilv1.Lag) corpus.Lag {
	return corpus.Lag{Missing: int(l.GetMissing()), Older: int(l.GetOlder()), Extra: int(l.GetExtra())}
}

// reindexRebuild makes a server build a new collection.
type reindexRebuild struct {
	Activate bool `help:"Activate the new collection when it is complete."`
}

func (c *reindexRebuild) Run(ctx context.Context, g *Globals, parent *reindexCommand, s streams) error {
	if parent.Server == "" {
		return fmt.Errorf("--server is missing: this command needs a running server; without one, use \"dalil index --rebuild\"")
	}
	return parent.onServer(g, s, func(r *reindexServer) error {
		started, err := r.admin.StartRebuild(ctx, &dalilv1.StartRebuildRequest{Activate: c.Activate})
		if err != nil {
			return r.readable(err)
		}
		op, err := r.await(ctx, started.GetOperation())
		if err != nil {
			return err
		}
		b := op.GetRebuild()
		fmt.Fprintf(s.out, "%s: %d indexed, %d unchanged, %d failed, %d deleted\n", b.GetCollection(), b.GetIndexed(), b.GetUnchanged(), b.GetFailed(), b.GetDeleted())
		if b.GetActivation() != nil {
			name, done := activation(b.GetActivation())
			activated(s, name, done)
		}
		if b.GetFailed() > 0 {
			return errPartly
		}
		return nil
	})
}
