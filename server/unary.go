package server

import (
	"context"
	"errors"
	"io"

	"google.golang.org/grpc"

	"dalil/corpus"
)

// unreadable replaces a request that was refused before or while it was read. It
// passes through the chain, so that such calls are counted, logged and answered
// like all others.
type unreadable struct{ err error }

// readable returns the service with its unary methods served as streams of one
// message, so that receive reads the messages. On the wire both are the same.
func (r *serving) readable(desc *grpc.ServiceDesc) *grpc.ServiceDesc {
	chain := chainUnary(r.unaryChain())
	safe := *desc
	safe.Methods, safe.Streams = nil, append([]grpc.StreamDesc(nil), desc.Streams...)
	for _, method := range desc.Methods {
		name := "/" + desc.ServiceName + "/" + method.MethodName
		r.unary[name] = true
		safe.Streams = append(safe.Streams, grpc.StreamDesc{StreamName: method.MethodName, Handler: func(srv any, s grpc.ServerStream) error {
			ctx := r.enter(s.Context(), name)
			refused := entryOf(ctx).refused
			if refused == nil {
				defer r.leave(ctx)
				refused = r.admit(ctx, name)
			}
			in, err := r.inbox(ctx, name)
			if err != nil {
				return toStatus(err)
			}
			defer in.held.close()
			decode := func(message any) error {
				if refused == nil {
					refused = in.one(message)
				}
				return nil
			}
			answer, err := method.Handler(srv, ctx, decode, func(
				ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler,
			) (any, error) {
				if refused != nil {
					req = unreadable{refused}
				}
				return chain(ctx, req, info, handler)
			})
			if err != nil {
				return err
			}
			return s.SendMsg(answer)
		}})
	}
	return &safe
}

// one reads the single message of a unary call.
func (b *inbox) one(message any) error {
	err := headerFits(b.ctx)
	if err == nil {
		err = b.receive(message)
	}
	if err == nil {
		err = b.refused
	}
	if errors.Is(err, io.EOF) {
		return corpus.Invalid("request", "is missing")
	}
	return err
}

// limitStream passes the messages of a stream through, because a document beyond
// the limits fails with its own receipt. A message that cannot be read ends the
// stream.
func (r *serving) limitStream(srv any, s grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	if err := headerFits(s.Context()); err != nil {
		return err
	}
	if foreign(info.FullMethod) {
		return r.foreignStream(srv, s, info, handler)
	}
	defer r.leave(s.Context())
	if err := r.admit(s.Context(), info.FullMethod); err != nil {
		return err
	}
	in, err := r.inbox(s.Context(), info.FullMethod)
	if err != nil {
		return err
	}
	defer in.held.close()
	return handler(srv, &stream{s, s.Context(), in.receive, in})
}

// foreignStream serves a stream of the gRPC library's own services. Those of known
// callers count as running calls.
func (r *serving) foreignStream(srv any, s grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	ctx := s.Context()
	if from, known := CallerOf(ctx); known != nil {
		defer r.leave(ctx)
		if err := r.admit(ctx, info.FullMethod); err != nil {
			return err
		}
	} else {
		left, err := r.strangers.enter(from, connectionOf(ctx), r.options.Calls)
		if err != nil {
			return err
		}
		defer left()
	}
	return handler(srv, &stream{s, ctx, func(m any) error { return r.foreignMessage(ctx, s, m) }, nil})
}

// foreignMessage reads a message of a stream until its credential ends. The library's
// handlers do not look at the context.
func (r *serving) foreignMessage(ctx context.Context, s grpc.ServerStream, m any) error {
	if endsWith(ctx) == nil {
		return broken(s.RecvMsg(m))
	}
	done := make(chan error, 1)
	r.stragglers.Go(func() { done <- s.RecvMsg(m) }) // ends at the latest with the stream
	select {
	case err := <-done:
		return broken(err)
	case <-ctx.Done():
		return ctx.Err()
	}
}
