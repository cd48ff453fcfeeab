package server

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"

	"google.golang.org/grpc"
)

// panicked is the error of a recovered panic.
type panicked struct {
	what  string
	stack []byte
}

func (p *panicked) Error() string { return "panic: " + p.what }

// contained runs f and turns a panic into an error. The error contains the value of
// the panic only if it comes from the Go runtime, because any other value may
// contain text of a caller. The stack shows where it happened.
func contained(f func() error) (err error) {
	defer func() {
		switch value := recover().(type) {
		case nil:
		case runtime.Error:
			err = &panicked{value.Error(), debug.Stack()}
		default:
			err = &panicked{fmt.Sprintf("%T", value), debug.Stack()}
		}
	}()
	return f()
}

func recoverUnary(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (answer any, err error) {
	err = contained(func() error {
		answer, err = handler(ctx, req)
		return err
	})
	return answer, err
}

func recoverStream(srv any, s grpc.ServerStream, _ *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	return contained(func() error { return handler(srv, s) })
}
