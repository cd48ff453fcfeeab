package server

import (
	"context"
	"slices"
	"sync"
	"time"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

// keptOperations is how many ended operations are kept, and as many that only said what
// they would do. Beyond it, the oldest one is dropped of the credential that has most, of
// the tenant that has most.
const keptOperations = 100

// operations runs tasks that take longer than a call, and keeps their results. Its
// goroutines end with the server.
type operations struct {
	ctx    context.Context // the context of all operations; it ends with the server
	cancel context.CancelFunc
	group  sync.WaitGroup

	mu  sync.Mutex
	all []*operation // the oldest first
}

func newOperations() *operations {
	ctx, cancel := context.WithCancel(context.Background())
	return &operations{ctx: ctx, cancel: cancel}
}

// operation is one task. Its own goroutine sets the fields that operations.mu
// guards.
type operation struct {
	id      string
	owner   corpus.Principal
	kind    dalilv1.OperationKind
	started time.Time
	cancel  context.CancelFunc
	done    chan struct{} // closed at its end
	dry     bool          // it only said what it would do

	progress corpus.Progress
	ended    time.Time // zero: it is running
	err      error
	stopped  bool // its context was cancelled before it ended
	result   func(*dalilv1.Operation)
}

// work does the work of an operation. It reports its progress, and returns a
// function that sets the result in the message.
type work func(ctx context.Context, progress func(corpus.Progress)) (result func(*dalilv1.Operation), err error)

// seenBy reports whether a caller may see the operation: its own, or any as an
// administrator.
func (op *operation) seenBy(ctx context.Context) bool {
	p, known := corpus.PrincipalOf(ctx)
	return known && (p.Scopes.Has(corpus.ScopeAdmin) || p.Tenant == op.owner.Tenant && p.ID == op.owner.ID)
}

// rivals reports whether two operations must not run at the same time, because a second
// rebuild would only compete with the first. Deletions of two tenants are no rivals.
func (op *operation) rivals(other *operation) bool {
	return op.kind == other.kind && (op.kind != dalilv1.OperationKind_OPERATION_KIND_DELETE || op.owner.Tenant == other.owner.Tenant)
}

// start begins an operation of the caller of ctx, as whom it runs. It refuses one that
// has a rival which runs.
func (o *operations) start(ctx context.Context, kind dalilv1.OperationKind, do work) (*dalilv1.Operation, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.ctx.Err() != nil {
		return nil, errDraining
	}
	op := newOperation(ctx, kind, time.Now())
	for _, other := range o.all {
		switch running := other.ended.IsZero() && op.rivals(other); {
		case running && other.seenBy(ctx):
			return nil, corpus.Refused("operation %s of this kind is running; wait for it or cancel it", other.id)
		case running:
			return nil, corpus.Refused("an operation of this kind is running; try again when it has ended")
		}
	}
	ctx, cancel := context.WithCancel(corpus.WithPrincipal(o.ctx, op.owner))
	op.cancel = cancel
	o.all = append(o.all, op)
	o.group.Go(func() {
		var result func(*dalilv1.Operation)
		err := contained(func() (err error) {
			result, err = do(ctx, func(p corpus.Progress) { o.report(op, p) })
			return err
		})
		o.end(op, ctx.Err() != nil, result, err)
		cancel()
	})
	return op.wire(), nil
}

func newOperation(ctx context.Context, kind dalilv1.OperationKind, began time.Time) *operation {
	op := &operation{id: incident(), kind: kind, started: began, cancel: func() {}, done: make(chan struct{})}
	op.owner, _ = corpus.PrincipalOf(ctx)
	return op
}

// ended records an operation that only said what it would do, and returns it.
func (o *operations) ended(ctx context.Context, kind dalilv1.OperationKind, began time.Time, result func(*dalilv1.Operation)) *dalilv1.Operation {
	op := newOperation(ctx, kind, began)
	op.dry = true
	o.mu.Lock()
	o.all = append(o.all, op)
	o.mu.Unlock()
	o.end(op, false, result, nil)
	return o.state(op)
}

func (o *operations) report(op *operation, p corpus.Progress) {
	o.mu.Lock()
	defer o.mu.Unlock()
	op.progress = p
}

// end records how an operation ended, and removes one if there are too many.
func (o *operations) end(op *operation, stopped bool, result func(*dalilv1.Operation), err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	op.ended, op.result, op.err, op.stopped = time.Now(), result, err, stopped
	close(op.done)
	var all []*operation
	for _, one := range o.all {
		if !one.ended.IsZero() && one.dry == op.dry {
			all = append(all, one)
		}
	}
	if len(all) <= keptOperations {
		return
	}
	slices.SortStableFunc(all, func(a, b *operation) int { return a.ended.Compare(b.ended) })
	all = ofMost(all, func(one *operation) string { return one.owner.Tenant })
	all = ofMost(all, func(one *operation) string { return one.owner.ID })
	o.all = slices.DeleteFunc(o.all, func(one *operation) bool { return one == all[0] })
}

// ofMost returns the operations of the owner that has most of them, in their order. Of
// owners that have as many, it is the one whose first operation ended first.
func ofMost(all []*operation, owner func(*operation) string) []*operation {
	by, most := map[string][]*operation{}, ""
	for _, one := range all {
		by[owner(one)] = append(by[owner(one)], one)
	}
	for _, one := range all {
		if name := owner(one); len(by[name]) > len(by[most]) {
			most = name
		}
	}
	return by[most]
}

// find returns an operation that the caller sees, by its id.
func (o *operations) find(ctx context.Context, id string) (*operation, error) {
	if id == "" {
		return nil, corpus.Invalid("operation_id", "is empty")
	}
	if op := o.byID(id); op != nil && op.seenBy(ctx) {
		return op, nil
	}
	return nil, noSuch("operation", id, corpus.ErrNotFound)
}

// byID returns an operation, or nil.
func (o *operations) byID(id string) *operation {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, op := range o.all {
		if op.id == id {
			return op
		}
	}
	return nil
}

// state returns the current state of an operation.
func (o *operations) state(op *operation) *dalilv1.Operation {
	o.mu.Lock()
	defer o.mu.Unlock()
	return op.wire()
}

func (o *operations) list(ctx context.Context) []*dalilv1.Operation {
	o.mu.Lock()
	defer o.mu.Unlock()
	var all []*dalilv1.Operation
	for _, op := range slices.Backward(o.all) {
		if op.seenBy(ctx) {
			all = append(all, op.wire())
		}
	}
	return all
}

// stop cancels all operations and waits for them, up to the given time.
func (o *operations) stop(limit time.Duration) bool {
	o.mu.Lock()
	o.cancel() // none is started after it
	all := slices.Clone(o.all)
	o.mu.Unlock()
	end := time.Now().Add(limit)
	for _, op := range all {
		if !within(op.done, time.Until(end)) {
			return false
		}
	}
	o.group.Wait() // each has said that it ended
	return true
}

// wire translates an operation into its message. The caller holds mu.
func (op *operation) wire() *dalilv1.Operation {
	to := &dalilv1.Operation{
		OperationId: op.id, Kind: op.kind, State: dalilv1.OperationState_OPERATION_STATE_RUNNING, StartedAt: toTime(op.started), EndedAt: toTime(op.ended),
		Progress: &dalilv1.Progress{Step: op.progress.Step, Done: toCount(op.progress.Done), Total: toCount(op.progress.Total)},
	}
	switch {
	case op.ended.IsZero():
	case op.err == nil:
		to.State = dalilv1.OperationState_OPERATION_STATE_SUCCEEDED
		op.result(to)
	case op.stopped:
		to.State, to.Error = dalilv1.OperationState_OPERATION_STATE_CANCELLED, toFailure(&ended{context.Canceled, op.err})
	default:
		to.State, to.Error = dalilv1.OperationState_OPERATION_STATE_FAILED, toFailure(op.err)
	}
	return to
}
