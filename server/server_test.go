package server_test

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	dalilv1 "dalil/proto/dalil/v1"
	"dalil/server"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// running is a server with a client's connection to it.
type running struct {
	*grpc.ClientConn
	search    dalilv1.SearchServiceClient
	documents dalilv1.DocumentServiceClient
	admin     dalilv1.AdminServiceClient
	address   string
	log       *logBook
	stop      context.CancelFunc // begins the drain
	stopped   chan error         // what Serve returned
}

// serve runs a real server on loopback until the test ends.
func serve(t testing.TB, h *backend, options server.Options) *running {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return serveOn(t, h, options, listener)
}

// serveOn runs a server on a listener until the test ends.
func serveOn(t testing.TB, h *backend, options server.Options, listener net.Listener, dialing ...grpc.DialOption) *running {
	t.Helper()
	book := &logBook{}
	options.Log = slog.New(slog.NewTextHandler(book, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s := server.New(server.Deps{Searcher: h, Ingester: h, Documents: h, Admin: h, Collections: h, Backups: h.backups, Tenants: h.tenants, Contexts: h.contexts, Claims: h.claims}, options)
	ctx, cancel := context.WithCancel(context.Background())
	r := &running{address: listener.Addr().String(), log: book, stop: cancel, stopped: make(chan error, 1)}
	go func() { r.stopped <- s.Serve(ctx, listener) }()
	r.ClientConn = dial(t, r.address, dialing...)
	r.search = dalilv1.NewSearchServiceClient(r)
	r.documents = dalilv1.NewDocumentServiceClient(r)
	r.admin = dalilv1.NewAdminServiceClient(r)
	t.Cleanup(func() {
		cancel()
		r.ClientConn.Close()
		select {
		case err := <-r.stopped:
			if err != nil {
				t.Errorf("serve: %v", err)
			}
		case <-time.After(20 * time.Second):
			t.Error("the server did not stop")
		}
	})
	return r
}

// wait returns what Serve returned, and leaves it for the cleanup.
func (r *running) wait(t *testing.T) error {
	t.Helper()
	select {
	case err := <-r.stopped:
		r.stopped <- nil
		return err
	case <-time.After(20 * time.Second):
		t.Fatal("the server did not stop")
		return nil
	}
}

func dial(t testing.TB, address string, options ...grpc.DialOption) *grpc.ClientConn {
	t.Helper()
	connection, err := grpc.NewClient("passthrough:///"+address, append(options, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(64<<20)))...)
	if err != nil {
		t.Fatal(err)
	}
	return connection
}

type logBook struct {
	mu   sync.Mutex
	text strings.Builder
}

func (b *logBook) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *logBook) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// refusal is a status with its details taken apart.
type refusal struct {
	Code     codes.Code
	Reason   string
	Fields   []string
	Retry    bool
	Incident bool
}

func refusalOf(err error) refusal {
	s := status.Convert(err)
	t := refusal{Code: s.Code()}
	for _, detail := range s.Details() {
		switch d := detail.(type) {
		case *errdetails.ErrorInfo:
			t.Reason = d.Reason
			if d.Domain != "dalil" {
				t.Reason += " of domain " + d.Domain
			}
			t.Incident = d.Metadata["incident"] != ""
		case *errdetails.BadRequest:
			for _, v := range d.FieldViolations {
				t.Fields = append(t.Fields, v.Field)
			}
		case *errdetails.RetryInfo:
			t.Retry = d.RetryDelay.AsDuration() > 0
		}
	}
	return t
}

var errBoom = errors.New("open /secret/path: boom")

func ptr[T any](v T) *T { return &v }

func within(t *testing.T, what string, done <-chan struct{}) {
	t.Helper()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatalf("%s did not happen", what)
	}
}

func eventually(t *testing.T, what string, met func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(2 * time.Millisecond) {
		if met() {
			return
		}
	}
	t.Fatalf("%s did not happen", what)
}
