package server

import (
	"context"

	"google.golang.org/grpc"
)

// unaryChain is what a unary call passes through, the outermost first.
func (r *serving) unaryChain() []grpc.UnaryServerInterceptor {
	return compact(
		r.options.ObserveUnary,
		r.logUnary,
		statusUnary,
		recoverUnary,
		r.limitUnary,
		r.deadlineUnary,
	)
}

// streamChain is the same for streams.
func (r *serving) streamChain() []grpc.StreamServerInterceptor {
	return compact(
		r.options.ObserveStream,
		r.logStream,
		statusStream,
		recoverStream,
		r.limitStream,
		r.deadlineStream,
	)
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
}

func (s *stream) Context() context.Context { return s.ctx }

func (s *stream) RecvMsg(m any) error { return s.read(m) }

func (s *stream) SendMsg(m any) error { return broken(s.ServerStream.SendMsg(m)) }
