package server

import (
	"context"
	"log/slog"
	"time"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

// begin starts an operation if the store keeps several collections, and logs its
// end.
func (s *adminService) begin(ctx context.Context, kind dalilv1.OperationKind, do work) (*dalilv1.Operation, error) {
	if err := s.deps.Collections.Reindexable(); err != nil {
		return nil, err
	}
	return s.operations.start(ctx, kind, func(ctx context.Context, progress func(corpus.Progress)) (func(*dalilv1.Operation), error) {
		began := time.Now()
		result, err := do(ctx, progress)
		level, attributes := slog.LevelInfo, []slog.Attr{slog.String("kind", kind.String()), slog.Duration("duration", time.Since(began))}
		if err != nil {
			level, attributes = slog.LevelError, append(attributes, slog.String("error", err.Error()))
		}
		s.options.Log.LogAttrs(ctx, level, "operation ended", attributes...)
		return result, err
	})
}

// StartRebuild builds a new collection beside the active one.
func (s *adminService) StartRebuild(ctx context.Context, req *dalilv1.StartRebuildRequest) (*dalilv1.StartRebuildResponse, error) {
	op, err := s.begin(ctx, dalilv1.OperationKind_OPERATION_KIND_REBUILD, func(ctx context.Context, progress func(corpus.Progress)) (func(*dalilv1.Operation), error) {
		built, err := s.deps.Collections.RebuildCollection(ctx, req.GetActivate(), progress)
		if err != nil {
			return nil, err
		}
		result := &dalilv1.Rebuild{
			Collection: built.Collection, Indexed: toCount(built.Indexed), Unchanged: toCount(built.Unchanged),
			Failed: toCount(built.Failed), Deleted: toCount(built.Deleted),
		}
		if built.Activated {
			result.Activation = toActivation(built.Collection, corpus.Activation{Late: built.Late})
		}
		return func(op *dalilv1.Operation) { op.Result = &dalilv1.Operation_Rebuild{Rebuild: result} }, nil
	})
	if err != nil {
		return nil, err
	}
	return &dalilv1.StartRebuildResponse{Operation: op}, nil
}

func toActivation(name string, a corpus.Activation) *dalilv1.Activation {
	return &dalilv1.Activation{Collection: name, Before: a.Before, Late: toLag(a.Late), Left: toLag(a.Left), LeftUnknown: a.Unknown}
}

func toLag(l corpus.Lag) *dalilv1.Lag {
	if !l.Any() {
		return nil
	}
	return &dalilv1.Lag{Missing: toCount(l.Missing), Older: toCount(l.Older), Extra: toCount(l.Extra)}
}

// GetOperation returns the state and progress of an operation.
func (s *adminService) GetOperation(ctx context.Context, req *dalilv1.GetOperationRequest) (*dalilv1.GetOperationResponse, error) {
	op, err := s.operations.find(ctx, req.GetOperationId())
	if err != nil {
		return nil, err
	}
	return &dalilv1.GetOperationResponse{Operation: s.operations.state(op)}, nil
}

// answerIn is how long before the deadline WaitOperation answers at the latest.
const answerIn = 500 * time.Millisecond

// WaitOperation returns when the operation has ended or the timeout has passed.
func (s *adminService) WaitOperation(ctx context.Context, req *dalilv1.WaitOperationRequest) (*dalilv1.WaitOperationResponse, error) {
	op, err := s.operations.find(ctx, req.GetOperationId())
	if err != nil {
		return nil, err
	}
	wait := s.options.MaxTimeout
	if deadline, set := ctx.Deadline(); set {
		left := time.Until(deadline)
		wait = left - min(answerIn, left/2)
	}
	if t := req.GetTimeout(); t != nil {
		if !t.IsValid() || t.AsDuration() < 0 {
			return nil, limited("timeout", "must not be negative", "0 or more", t.AsDuration())
		}
		wait = min(wait, t.AsDuration())
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-op.done:
	case <-timer.C:
	case <-s.draining:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return &dalilv1.WaitOperationResponse{Operation: s.operations.state(op)}, nil
}

// CancelOperation asks an operation to end.
func (s *adminService) CancelOperation(ctx context.Context, req *dalilv1.CancelOperationRequest) (*dalilv1.CancelOperationResponse, error) {
	op, err := s.operations.find(ctx, req.GetOperationId())
	if err != nil {
		return nil, err
	}
	op.cancel()
	return &dalilv1.CancelOperationResponse{Operation: s.operations.state(op)}, nil
}

// ListOperations returns the operations that are kept and that the caller sees.
func (s *adminService) ListOperations(ctx context.Context, _ *dalilv1.ListOperationsRequest) (*dalilv1.ListOperationsResponse, error) {
	return &dalilv1.ListOperationsResponse{Operations: s.operations.list(ctx)}, nil
}
