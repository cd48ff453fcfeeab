package server_test

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc"

	dalilv1 "dalil/proto/dalil/v1"
	"dalil/server"
)

// Connections of strangers that have sent something, and are kept open, keep nobody out.
// The connections of callers stay.
func TestStrangersConnectionsAreReplaced(t *testing.T) {
	open, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	const most = 8
	h := newBackend()
	seen(h)
	var dials atomic.Int64
	counted := grpc.WithContextDialer(func(ctx context.Context, address string) (net.Conn, error) {
		dials.Add(1)
		return (&net.Dialer{}).DialContext(ctx, "tcp", address)
	})
	r := serveOn(t, h, server.Options{Authenticator: newKeyring()}, server.LimitConnections(open, most), counted)
	search := func(with dalilv1.SearchServiceClient) error {
		ctx, cancel := context.WithTimeout(bearer(t.Context(), "reader-key"), 20*time.Second)
		defer cancel()
		_, err := with.Search(ctx, &dalilv1.SearchRequest{Query: "x"})
		return err
	}
	if err := search(r.search); err != nil {
		t.Fatal(err)
	}
	var strangers []net.Conn
	for range 3 * most {
		c, err := net.Dial("tcp", r.address)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		io.WriteString(c, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00")
		strangers = append(strangers, c)
	}
	another := dial(t, r.address)
	defer another.Close()
	if err := search(dalilv1.NewSearchServiceClient(another)); err != nil {
		t.Errorf("a caller beside %d connections of strangers: %v", len(strangers), err)
	}
	strangers[0].SetReadDeadline(time.Now().Add(20 * time.Second))
	if _, err := io.Copy(io.Discard, strangers[0]); errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error("the stranger's connection that was idle longest is still open")
	}
	if err := search(r.search); err != nil || dials.Load() != 1 {
		t.Errorf("the connection of the first caller: %v; it was dialled %d times, want once", err, dials.Load())
	}
}
