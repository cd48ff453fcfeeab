package server

import (
	"context"
	"slices"

	"google.golang.org/grpc"
)

// unaryChain returns the interceptors of a unary call, the outermost first. Before
// them, enter finds out who makes the call.
func (r *serving) unaryChain() []grpc.UnaryServerInterceptor {
	return compact(
		r.options.ObserveUnary,
		r.logUnary,
		statusUnary,
		recoverUnary,
		r.refusedUnary,
		enteredUnary,
		r.ownedUnary,
		r.limitUnary,
		r.deadlineUnary,
		r.auditUnary,
		r.turnUnary,
	)
}

// streamChain returns the interceptors of a stream, the outermost first. Before them,
// enter finds out who makes the call.
func (r *serving) streamChain() []grpc.StreamServerInterceptor {
	return compact(
		r.options.ObserveStream,
		r.logStream,
		statusStream,
		recoverStream,
		r.refusedStream,
		r.enteredStream,
		r.limitStream,
		r.rateStream,
		r.deadlineStream,
		r.auditStream,
	)
}

// routed keeps unary methods, which are served as streams, out of the chain of
// streams, because they have a chain of their own.
func (r *serving) routed() grpc.StreamServerInterceptor {
	chain := r.streamChain()
	return func(srv any, s grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
		if r.unary[info.FullMethod] {
			return handler(srv, s)
		}
		s = &stream{s, r.enter(s.Context(), info.FullMethod), s.RecvMsg, nil}
		for _, one := range slices.Backward(chain) {
			next := handler
			handler = func(srv any, s grpc.ServerStream) error { return one(srv, s, info, next) }
		}
		return handler(srv, s)
	}
}

// foreignUnary is the chain of the unary methods of the gRPC library's own services.
func (r *serving) foreignUnary() grpc.UnaryServerInterceptor {
	chain := chainUnary(r.unaryChain())
	return func(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		return chain(r.enter(ctx, info.FullMethod), req, info, handler)
	}
}

// chainUnary combines several interceptors into one.
func chainUnary(chain []grpc.UnaryServerInterceptor) grpc.UnaryServerInterceptor {
	return func(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
		for _, one := range slices.Backward(chain) {
			next := handler
			handler = func(ctx context.Context, req any) (any, error) { return one(ctx, req, info, next) }
		}
		return handler(ctx, req)
	}
}

func compact[T grpc.UnaryServerInterceptor | grpc.StreamServerInterceptor](all ...T) []T {
	var set []T
	for _, one := range all {
		if one != nil {
			set = append(set, one)
		}
	}
	return set
}

// stream is a ServerStream with another context or a checked RecvMsg, whose
// errors of sending are the transport's.
type stream struct {
	grpc.ServerStream
	ctx  context.Context
	read func(m any) error
	in   *inbox // of a service of this server
}

func (s *stream) Context() context.Context { return s.ctx }

func (s *stream) RecvMsg(m any) error { return s.read(m) }

func (s *stream) SendMsg(m any) error { return broken(s.ServerStream.SendMsg(m)) }
