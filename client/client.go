// Package client is the Go client of Dalil: it connects to one server or several,
// streams documents and reads their receipts, and makes errors of the wire readable.
// Start with [Dial]; the calls themselves are those of dalilv1.NewSearchServiceClient
// and its neighbours, on the connection that Dial returns.
package client

import (
	"fmt"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	_ "google.golang.org/grpc/health" // the client's side of health checking
	"google.golang.org/grpc/keepalive"

	"dalil/proto/codec"
)

// maxReply is the largest answer that a client accepts, in bytes. It is enough for
// a page of the largest passages with their neighbours.
const maxReply = 64 << 20

// Dial returns a connection to the servers of an address. The address is HOST:PORT,
// which is looked up in DNS and may have several IP addresses, or a target of gRPC
// such as unix:///run/dalil.sock. Connections are made at the first call.
//
//   - Calls go to all servers in turn (round robin).
//   - A server whose health service does not report SERVING for
//     dalil.v1.SearchService gets no calls. While no server serves, calls fail with
//     UNAVAILABLE; with [WaitForReady], they wait until their deadline.
//   - A read that fails with UNAVAILABLE is tried again, up to four times in all, on
//     the next server. A write is not, because it may have been carried out, and a
//     second one could undo that of another client which came in between.
//
// Options are added to those of [DialOptions] and win over them. [WithTLS] encrypts the
// connection, [WithAPIKey] says who calls. With [Direct], the connection is to one
// server in any state.
func Dial(address string, options ...grpc.DialOption) (*grpc.ClientConn, error) {
	policy, err := servicePolicy()
	if err != nil {
		return nil, err
	}
	all := append(DialOptions(), grpc.WithDefaultServiceConfig(policy), grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: pingAfter, Timeout: pongWithin}))
	if headers := headersOf(address, options); headers != nil {
		all = append(all, grpc.WithPerRPCCredentials(headers))
	}
	connection, err := grpc.NewClient(target(address), append(all, options...)...)
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", address, err)
	}
	return connection, nil
}

// A server that does not answer a ping is treated as one whose connection broke.
const (
	pingAfter  = 20 * time.Second
	pongWithin = 10 * time.Second
)

// target returns the address as gRPC needs it.
func target(address string) string {
	if strings.Contains(address, "://") || strings.HasPrefix(address, "unix:") {
		return address
	}
	return "dns:///" + address
}

// How many bytes a server may send before the program reads them, on one stream and on a
// connection. Without them, gRPC works the windows out itself, with a ping for each answer,
// which costs both sides two more writes.
const (
	streamWindow     = 4 << 20
	connectionWindow = 16 << 20
)

// DialOptions returns the options of every connection to a server: no encryption (see
// [WithTLS]), answers of up to 64 MiB, [CheckText], a codec that decodes answers fast, and
// fixed windows of 4 MiB a stream and 16 MiB a connection.
func DialOptions() []grpc.DialOption {
	return []grpc.DialOption{
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxReply), grpc.ForceCodecV2(codec.Client{})),
		grpc.WithChainUnaryInterceptor(CheckText),
		grpc.WithStaticStreamWindowSize(streamWindow),
		grpc.WithStaticConnWindowSize(connectionWindow),
	}
}

// Direct makes [Dial] connect to the first server that accepts connections, whatever
// its health, and try no call again. A program that asks one server about its state,
// or that shows a person why a server does not answer, needs it.
func Direct() grpc.DialOption { return grpc.WithDefaultServiceConfig("{}") }

// WaitForReady makes a call wait for a server that is starting, instead of failing at once.
func WaitForReady() grpc.CallOption { return grpc.WaitForReady(true) }
