package server

import (
	"context"
	"io"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/encoding/proto"
	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/status"

	"dalil/corpus"
)

// grpc answers INTERNAL for a message that can't be decoded, before any
// interceptor runs. Such calls must be counted, logged and answered as the
// caller's fault like all others, so requests are read through an envelope:
// the codec puts the fault into it, and the chain passes it on.
type envelope struct {
	message any
	fault   error
}

// codec is grpc's own, but for envelopes.
type codec struct{ encoding.CodecV2 }

func newCodec() codec { return codec{encoding.GetCodecV2(proto.Name)} }

func (c codec) Unmarshal(data mem.BufferSlice, v any) error {
	e, ok := v.(*envelope)
	if !ok {
		return c.CodecV2.Unmarshal(data, v)
	}
	if err := c.CodecV2.Unmarshal(data, e.message); err != nil {
		e.fault = corpus.Invalid("request", "can't be decoded: "+err.Error())
	}
	return nil
}

// read reads one message through an envelope.
func read(from func(any) error, message any) error {
	e := envelope{message: message}
	if err := from(&e); err != nil {
		return readError(err)
	}
	return e.fault
}

// unreadable stands in for a request that could not be decoded.
type unreadable struct{ err error }

// readable returns the service with unary methods that pass a request that
// can't be decoded on into the chain.
func readable(desc *grpc.ServiceDesc) *grpc.ServiceDesc {
	safe := *desc
	safe.Methods = make([]grpc.MethodDesc, len(desc.Methods))
	for i, method := range desc.Methods {
		safe.Methods[i] = grpc.MethodDesc{MethodName: method.MethodName, Handler: func(
			srv any, ctx context.Context, decode func(any) error, chain grpc.UnaryServerInterceptor,
		) (any, error) {
			var broken error
			return method.Handler(srv, ctx, func(m any) error {
				broken = read(decode, m)
				return nil
			}, func(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
				if broken != nil {
					req = unreadable{broken}
				}
				return chain(ctx, req, info, handler)
			})
		}}
	}
	return &safe
}

// readError says what grpc says of a message that it did not even read: it has
// answered the caller already.
func readError(err error) error {
	if s, ok := status.FromError(err); ok && err != io.EOF && s.Code() == codes.ResourceExhausted {
		return tooLarge(s.Message())
	}
	return broken(err)
}
