package server

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"

	"google.golang.org/grpc"
)

// panicked is a panic that was contained.
type panicked struct {
	what  string
	stack []byte
}

func (p *panicked) Error() string { return "panic: " + p.what }

// contained runs f and turns a panic into an error. The error has the panic's
// value only if the Go runtime made it; any other value may contain a caller's
// text. The stack has the place.
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
