package client_test

import (
	"context"
	"net"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/resolver"
	"google.golang.org/grpc/resolver/manual"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"

	"dalil/client"
	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

// one is one of several servers. It counts its calls.
type one struct {
	dalilv1.UnimplementedSearchServiceServer
	dalilv1.UnimplementedDocumentServiceServer
	address string
	calls   atomic.Int64
	refuse  atomic.Int64 // so many calls fail with UNAVAILABLE
	health  *health.Server
	kill    func()
}

func (o *one) answer() error {
	o.calls.Add(1)
	if o.refuse.Add(-1) >= 0 {
		return status.Error(codes.Unavailable, "the store does not answer")
	}
	return nil
}

func (o *one) Search(context.Context, *dalilv1.SearchRequest) (*dalilv1.SearchResponse, error) {
	return &dalilv1.SearchResponse{}, o.answer()
}

func (o *one) GetDocument(context.Context, *dalilv1.GetDocumentRequest) (*dalilv1.GetDocumentResponse, error) {
	return &dalilv1.GetDocumentResponse{}, o.answer()
}

func (o *one) UpsertDocument(context.Context, *dalilv1.UpsertDocumentRequest) (*dalilv1.UpsertDocumentResponse, error) {
	return &dalilv1.UpsertDocumentResponse{}, o.answer()
}

// start runs a server that is in the given state.
func start(t *testing.T, state healthpb.HealthCheckResponse_ServingStatus) *one {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o, server := &one{address: listener.Addr().String(), health: health.NewServer()}, grpc.NewServer()
	o.health.SetServingStatus("dalil.v1.SearchService", state)
	healthpb.RegisterHealthServer(server, o.health)
	dalilv1.RegisterSearchServiceServer(server, o)
	dalilv1.RegisterDocumentServiceServer(server, o)
	go server.Serve(listener)
	o.kill = server.Stop
	t.Cleanup(server.Stop)
	return o
}

// together dials servers under one name.
func together(t *testing.T, servers ...*one) *grpc.ClientConn {
	t.Helper()
	names := manual.NewBuilderWithScheme("servers")
	state := resolver.State{}
	for _, s := range servers {
		state.Endpoints = append(state.Endpoints, resolver.Endpoint{Addresses: []resolver.Address{{Addr: s.address}}})
	}
	names.InitialState(state)
	connection, err := client.Dial("servers:///dalil", grpc.WithResolvers(names))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { connection.Close() })
	return connection
}

// until searches until done returns true. Every search must succeed.
func until(t *testing.T, connection *grpc.ClientConn, done func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for !done() {
		if _, err := dalilv1.NewSearchServiceClient(connection).Search(ctx, &dalilv1.SearchRequest{}, client.WaitForReady()); err != nil {
			t.Fatal(err)
		}
	}
}

const (
	ready    = healthpb.HealthCheckResponse_SERVING
	notReady = healthpb.HealthCheckResponse_NOT_SERVING
)

func TestReadsGoOnWhenAServerDies(t *testing.T) {
	a, b := start(t, ready), start(t, ready)
	connection := together(t, a, b)
	until(t, connection, func() bool { return a.calls.Load() > 5 && b.calls.Load() > 5 })
	a.kill()
	before := b.calls.Load()
	until(t, connection, func() bool { return b.calls.Load() > before+50 })
}

func TestAServerThatIsNotReadyGetsNoCalls(t *testing.T) {
	a, b := start(t, ready), start(t, notReady)
	connection := together(t, a, b)
	until(t, connection, func() bool { return a.calls.Load() > 50 })
	if n := b.calls.Load(); n != 0 {
		t.Errorf("%d calls reached the server that is not ready", n)
	}
	b.health.SetServingStatus("dalil.v1.SearchService", ready)
	until(t, connection, func() bool { return b.calls.Load() > 5 })
	b.health.SetServingStatus("dalil.v1.SearchService", notReady)
	a.kill()
	for err, end := error(nil), time.Now().Add(20*time.Second); status.Code(err) != codes.Unavailable; {
		if time.Now().After(end) {
			t.Fatalf("nobody is ready: %v", err)
		}
		_, err = dalilv1.NewSearchServiceClient(connection).Search(t.Context(), &dalilv1.SearchRequest{})
	}
	direct, err := client.Dial(b.address, client.Direct())
	if err != nil {
		t.Fatal(err)
	}
	defer direct.Close()
	if _, err := dalilv1.NewSearchServiceClient(direct).Search(t.Context(), &dalilv1.SearchRequest{}); err != nil {
		t.Errorf("a direct connection asks a server in any state: %v", err)
	}
}

func TestReadsAreRepeatedAndWritesAreNot(t *testing.T) {
	a := start(t, ready)
	connection := together(t, a)
	documents := dalilv1.NewDocumentServiceClient(connection)
	for _, test := range []struct {
		name  string
		call  func() error
		tries int64
		code  codes.Code
	}{
		{"Search", func() error {
			_, err := dalilv1.NewSearchServiceClient(connection).Search(t.Context(), &dalilv1.SearchRequest{})
			return err
		}, 3, codes.OK},
		{"GetDocument", func() error {
			_, err := documents.GetDocument(t.Context(), &dalilv1.GetDocumentRequest{})
			return err
		}, 3, codes.OK},
		{"UpsertDocument", func() error {
			_, err := documents.UpsertDocument(t.Context(), &dalilv1.UpsertDocumentRequest{})
			return err
		}, 1, codes.Unavailable},
	} {
		a.calls.Store(0)
		a.refuse.Store(2)
		err := test.call()
		if got := a.calls.Load(); got != test.tries || status.Code(err) != test.code {
			t.Errorf("%s: %d calls and %v, want %d and %v", test.name, got, err, test.tries, test.code)
		}
	}
}

// Every method of the wire is in the table of reads or here.
func TestEveryMethodIsAReadOrAWrite(t *testing.T) {
	writes := []string{
		"IngestDocuments", "UpsertDocument", "UpsertDocuments", "UpdateDocument", "DeleteDocument", "DeleteDocuments", "CreateBackup",
		"StartRebuild", "CompareCollections", "ActivateCollection", "CancelOperation", "RollbackCollection", "DropCollection", "DeleteTenant",
	}
	for _, service := range []grpc.ServiceDesc{dalilv1.SearchService_ServiceDesc, dalilv1.DocumentService_ServiceDesc, dalilv1.AdminService_ServiceDesc} {
		var methods []string
		for _, m := range service.Methods {
			methods = append(methods, m.MethodName)
		}
		for _, s := range service.Streams {
			methods = append(methods, s.StreamName)
		}
		for _, m := range methods {
			if client.Repeats(service.ServiceName, m) == slices.Contains(writes, m) {
				t.Errorf("%s/%s must be either a read (client/policy.go) or a write (this test)", service.ServiceName, m)
			}
		}
	}
}

func TestDetailsOfAnError(t *testing.T) {
	refused, err := status.New(codes.InvalidArgument, "page_size must be 1 to 100").WithDetails(
		&errdetails.ErrorInfo{Reason: "INVALID", Domain: "dalil", Metadata: map[string]string{
			"field": "page_size", "limit": "1 to 100", "got": "1000", "outcome": "unknown", "incident": "7f",
		}},
		&errdetails.BadRequest{FieldViolations: []*errdetails.BadRequest_FieldViolation{{Field: "page_size", Description: "must be 1 to 100"}}},
		&errdetails.RetryInfo{RetryDelay: durationpb.New(time.Second)},
	)
	if err != nil {
		t.Fatal(err)
	}
	got, ok := client.Details(refused.Err())
	if !ok || got.Code != codes.InvalidArgument || got.Reason != dalilv1.ErrorReason_ERROR_REASON_INVALID || got.RetryAfter != time.Second ||
		!got.OutcomeUnknown || got.Incident != "7f" || got.Error() != "INVALID: page_size must be 1 to 100" {
		t.Errorf("%+v", got)
	}
	if want := (corpus.Violation{Field: "page_size", Description: "must be 1 to 100", Limit: "1 to 100", Got: "1000"}); len(got.Violations) != 1 || got.Violations[0] != want {
		t.Errorf("%+v", got.Violations)
	}
	if _, ok := client.Details(net.ErrClosed); ok {
		t.Error("an error that is not of gRPC has details")
	}
}
