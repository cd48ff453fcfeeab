package server

import (
	"context"
	"errors"
	"time"

	"google.golang.org/grpc"

	dalilv1 "dalil/proto/dalil/v1"
)

// ended is the error of a call whose deadline passed.
type ended struct{ by, err error }

func (e *ended) Error() string { return e.by.Error() + ": " + e.err.Error() }
func (e *ended) Unwrap() error { return e.err }

// deadlineUnary gives every unary call a deadline: the caller's or else the
// default, but never later than the longest timeout allows.
func (r *serving) deadlineUnary(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	limit := r.options.DefaultTimeout
	if _, set := ctx.Deadline(); set {
		limit = r.options.MaxTimeout // the caller's own deadline applies if it is earlier
	}
	ctx, cancel := context.WithTimeout(ctx, min(limit, r.options.MaxTimeout))
	defer cancel()
	if err := ctx.Err(); err != nil {
		return nil, &ended{err, errors.New("before it began")}
	}
	answer, err := handler(ctx, req)
	if err != nil && over(ctx) != nil {
		err = &ended{over(ctx), err}
	}
	return answer, err
}

// over returns ctx.Err(), and also DeadlineExceeded if the deadline has passed but
// its timer has not fired yet: a call that measured the time itself may fail
// before.
func over(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if deadline, set := ctx.Deadline(); set && !time.Now().Before(deadline) {
		return context.DeadlineExceeded
	}
	return nil
}

// deadlineStream ends a stream when the server drains. Streams have no other time
// limit: IngestDocuments lasts as long as the client sends documents. It ends
// itself when every document that it accepted is acknowledged.
func (r *serving) deadlineStream(srv any, s grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	if info.FullMethod == dalilv1.DocumentService_IngestDocuments_FullMethodName {
		return handler(srv, s)
	}
	ctx, cancel := context.WithCancel(s.Context())
	defer cancel()
	r.stragglers.Go(func() {
		select {
		case <-r.draining:
			cancel()
		case <-ctx.Done():
		}
	})
	return handler(srv, &stream{s, ctx, s.RecvMsg, nil})
}
