package app

import (
	"context"
	"fmt"
	"net"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"

	"dalil/corpus"
)

// maxReply is the largest answer that a client takes: a page of the largest
// passages with their neighbours.
const maxReply = 64 << 20

// Dial returns a connection to a server; it connects when it is first used.
func Dial(address string) (*grpc.ClientConn, error) {
	connection, err := grpc.NewClient("passthrough:///"+address, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxReply)))
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", address, err)
	}
	return connection, nil
}

// WaitForReady lets a call wait for a server that is just starting.
func WaitForReady() grpc.CallOption { return grpc.WaitForReady(true) }

// Connect serves this app inside the process and connects to it, so that a
// command asks a local store through the very wire that a server has.
func (a *App) Connect() (*grpc.ClientConn, error) {
	listener := bufconn.Listen(1 << 20)
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan struct{})
	go func() {
		defer close(served)
		if err := a.server().Serve(ctx, listener); err != nil {
			a.log.Error("serve in this process", "error", err)
		}
	}()
	a.stopInside = func() { cancel(); <-served }
	connection, err := grpc.NewClient("passthrough:///inside", grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxReply)))
	if err != nil {
		a.stopInside()
	}
	return connection, err
}

// Explain reads an error of the wire: its message and what is wrong with which
// field.
func Explain(err error) (string, []corpus.Violation) {
	s, ok := status.FromError(err)
	if !ok {
		return err.Error(), nil
	}
	var violations []corpus.Violation
	for _, detail := range s.Details() {
		if bad, ok := detail.(*errdetails.BadRequest); ok {
			for _, v := range bad.GetFieldViolations() {
				violations = append(violations, corpus.Violation{Field: v.GetField(), Description: v.GetDescription()})
			}
		}
	}
	return s.Message(), violations
}
