// Package client is the Go client of a Dalil server: it connects, streams documents
// and reads their receipts, and makes errors of the wire readable. Start with
// [Dial].
package client

import (
	"fmt"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// maxReply is the largest answer that a client accepts, in bytes. It is enough for
// a page of the largest passages with their neighbours.
const maxReply = 64 << 20

// Dial returns a connection to a server. The connection is made at the first call.
func Dial(address string) (*grpc.ClientConn, error) {
	connection, err := grpc.NewClient("passthrough:///"+address, DialOptions()...)
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", address, err)
	}
	return connection, nil
}

// DialOptions returns the options of every connection to a server.
func DialOptions() []grpc.DialOption {
	return []grpc.DialOption{
		grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxReply)),
	}
}

// WaitForReady makes a call wait for a server that is starting, instead of failing at once.
func WaitForReady() grpc.CallOption { return grpc.WaitForReady(true) }
