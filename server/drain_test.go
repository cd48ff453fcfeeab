package server_test

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	reflectionpb "google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/grpc/status"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/server"
)

func TestDrainUnderLoadLosesNoCall(t *testing.T) {
	h := newBackend()
	var under, asked atomic.Int32
	draining := make(chan struct{})
	h.search = func(context.Context, corpus.Query) (corpus.Answer, error) {
		under.Add(1)
		defer under.Add(-1)
		if asked.Add(1) > 50 {
			<-draining
		}
		return corpus.Answer{}, nil
	}
	r := serve(t, h, server.Options{})
	var answered atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for {
				_, err := r.search.Search(context.Background(), &dalilv1.SearchRequest{Query: "q"})
				if err == nil {
					answered.Add(1)
					continue
				}
				// A call that was taken is answered; one that was not is refused as
				// a whole, so that the client may try elsewhere.
				if status.Code(err) != codes.Unavailable {
					t.Errorf("a call under way ended with %v", err)
				}
				return
			}
		})
	}
	eventually(t, "load", func() bool { return under.Load() == 8 && answered.Load() == 50 })
	r.stop()
	eventually(t, "the drain", func() bool {
		c, err := net.Dial("tcp", r.address)
		if err == nil {
			c.Close()
		}
		return err != nil
	})
	close(draining)
	if err := r.wait(t); err != nil {
		t.Errorf("serve: %v", err)
	}
	if n := under.Load(); n != 0 {
		t.Errorf("%d searches were still running when Serve returned", n)
	}
	wg.Wait()
	if n := answered.Load(); n < 58 {
		t.Errorf("%d calls were answered, want the 8 that were under way too", n)
	}
}

func TestDrainAcknowledgesWhatAStreamSent(t *testing.T) {
	h := newBackend()
	r := serve(t, h, server.Options{})
	stream, err := r.documents.IngestDocuments(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for i := 0; ; i++ {
			if stream.Send(&dalilv1.IngestDocumentsRequest{Sequence: int64(i), Document: document(fmt.Sprintf("doc-%d", i), "t")}) != nil {
				return
			}
		}
	}()
	receipts := map[string]bool{}
	for {
		m, err := stream.Recv()
		if err != nil {
			want := refusal{Code: codes.Unavailable, Reason: "SHUTTING_DOWN", Retry: true}
			if diff := cmp.Diff(want, refusalOf(err)); diff != "" {
				t.Errorf("error %v (-want +got):\n%s", err, diff)
			}
			break
		}
		receipts[m.GetReceipt().GetDocumentId()] = true
		if len(receipts) == 200 {
			r.stop()
		}
	}
	if err := r.wait(t); err != nil {
		t.Errorf("serve: %v", err)
	}
	if len(receipts) < 200 || len(receipts) != h.held() {
		t.Errorf("%d receipts for %d documents that were written", len(receipts), h.held())
	}
}

func TestDrainIsTimeBoxed(t *testing.T) {
	h := newBackend()
	began := make(chan struct{})
	h.search = func(ctx context.Context, _ corpus.Query) (corpus.Answer, error) {
		close(began)
		<-ctx.Done()
		return corpus.Answer{}, ctx.Err()
	}
	r := serve(t, h, server.Options{Drain: 50 * time.Millisecond})
	call := make(chan error, 1)
	go func() {
		_, err := r.search.Search(context.Background(), &dalilv1.SearchRequest{Query: "q"})
		call <- err
	}()
	<-began
	r.stop()
	if err := r.wait(t); err != nil {
		t.Errorf("serve: %v", err)
	}
	if err := <-call; status.Code(err) != codes.Unavailable {
		t.Errorf("the call that was cut off ended with %v, want %v", err, codes.Unavailable)
	}
}

func TestDrainReportsCallsThatNeverEnd(t *testing.T) {
	h := newBackend()
	bubble(t, h, server.Options{Drain: time.Millisecond}, func(t *testing.T, r *running) {
		began, release, ended := make(chan struct{}), make(chan struct{}), make(chan struct{})
		h.stats = func(context.Context) (corpus.Stats, error) {
			defer close(ended)
			close(began)
			<-release
			return corpus.Stats{}, nil
		}
		go r.admin.GetStats(context.Background(), &dalilv1.GetStatsRequest{})
		<-began
		r.stop()
		if err := r.wait(t); err == nil || !strings.Contains(err.Error(), "still running") {
			t.Errorf("serve: error %v, want that calls were still running", err)
		}
		close(release)
		within(t, "the end of the call", ended)
	})
}

func TestHealthFollowsReady(t *testing.T) {
	h := newBackend()
	h.setReady(corpus.ErrNotReady)
	r := serve(t, h, server.Options{ReadyEvery: time.Millisecond, Drain: time.Hour})
	health := healthpb.NewHealthClient(r)
	is := func(service string, want healthpb.HealthCheckResponse_ServingStatus) func() bool {
		return func() bool {
			got, err := health.Check(t.Context(), &healthpb.HealthCheckRequest{Service: service})
			return err == nil && got.GetStatus() == want
		}
	}
	eventually(t, "admin serving", is("dalil.v1.AdminService", healthpb.HealthCheckResponse_SERVING))
	eventually(t, "not serving", is("", healthpb.HealthCheckResponse_NOT_SERVING))
	h.setReady(nil)
	for _, service := range []string{"", "dalil.v1.SearchService", "dalil.v1.DocumentService"} {
		eventually(t, "serving "+service, is(service, healthpb.HealthCheckResponse_SERVING))
	}
	watch, err := health.Watch(t.Context(), &healthpb.HealthCheckRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if first, err := watch.Recv(); err != nil || first.GetStatus() != healthpb.HealthCheckResponse_SERVING {
		t.Errorf("watch: %v, error %v", first, err)
	}
	// Watching does not hold up the drain, which may take an hour here.
	r.stop()
	if err := r.wait(t); err != nil {
		t.Errorf("serve: %v", err)
	}
	for err == nil {
		_, err = watch.Recv()
	}
}

func TestReflectionIsOnWhereItMayBe(t *testing.T) {
	for name, test := range map[string]struct {
		on   *bool
		want bool
	}{"loopback": {nil, true}, "off": {ptr(false), false}, "on": {ptr(true), true}} {
		t.Run(name, func(t *testing.T) {
			r := serve(t, newBackend(), server.Options{Reflection: test.on})
			stream, err := reflectionpb.NewServerReflectionClient(r).ServerReflectionInfo(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			stream.Send(&reflectionpb.ServerReflectionRequest{MessageRequest: &reflectionpb.ServerReflectionRequest_ListServices{}})
			stream.CloseSend()
			answer, err := stream.Recv()
			if on := err == nil && strings.Contains(answer.String(), "dalil.v1.SearchService"); on != test.want {
				t.Errorf("reflection is on: %v, want %v (%v)", on, test.want, err)
			}
			if !test.want && status.Code(err) != codes.Unimplemented {
				t.Errorf("error %v, want %v", err, codes.Unimplemented)
			}
			for err == nil {
				_, err = stream.Recv()
			}
		})
	}
}

func TestGuardOfListeners(t *testing.T) {
	all := server.Guard{AllowPlaintext: true, AllowAnonymous: true}
	for address, fine := range map[string]bool{
		"127.0.0.1:7810": true, "127.9.9.9:0": true, "[::1]:7810": true, "localhost:7810": true,
		":7810": false, "0.0.0.0:7810": false, "[::]:7810": false, "192.168.1.5:7810": false, "example.org:7810": false,
		"8.8.8.8:1": false, "[::ffff:127.0.0.1]:1": true,
	} {
		if err := (server.Guard{}).Check(address); (err == nil) != fine {
			t.Errorf("%s: error %v, want fine: %v", address, err, fine)
		}
		if err := all.Check(address); err != nil {
			t.Errorf("%s with everything allowed: %v", address, err)
		}
	}
	if lost := strings.Join(all.GivenUp("0.0.0.0:7810"), " "); !strings.Contains(lost, "--allow-plaintext") || !strings.Contains(lost, "--allow-anonymous") {
		t.Errorf("the log says that %q is given up", lost)
	}
	if lost := append(all.GivenUp("127.0.0.1:7810"), (server.Guard{TLS: true, Authenticator: true}).GivenUp(":7810")...); lost != nil {
		t.Errorf("the log says that %q is given up", lost)
	}
	for _, address := range []string{"", "7810", "127.0.0.1", "::1"} {
		if err := all.Check(address); err == nil {
			t.Errorf("%q is not an address, and was taken", address)
		}
	}
	for _, c := range []struct {
		guard server.Guard
		says  []string // what the error names
	}{
		{server.Guard{}, []string{"tls.cert", "--allow-plaintext", "access.keys", "--allow-anonymous"}},
		{server.Guard{TLS: true}, []string{"access.keys", "--allow-anonymous"}},
		{server.Guard{Authenticator: true}, []string{"tls.cert", "--allow-plaintext"}},
		{server.Guard{AllowPlaintext: true}, []string{"--allow-anonymous"}},
		{server.Guard{AllowAnonymous: true}, []string{"--allow-plaintext"}},
		{server.Guard{TLS: true, Authenticator: true}, nil},
		{server.Guard{TLS: true, AllowAnonymous: true}, nil},
		{server.Guard{Authenticator: true, AllowPlaintext: true}, nil},
	} {
		err := c.guard.Check("0.0.0.0:7810")
		if (err == nil) != (c.says == nil) {
			t.Errorf("%+v: %v", c.guard, err)
		}
		for _, name := range c.says {
			if !strings.Contains(fmt.Sprint(err), name) {
				t.Errorf("%+v: the error does not name %s: %v", c.guard, name, err)
			}
		}
	}
}

// elsewhere is a listener that other machines would reach.
type elsewhere struct{ net.Listener }

func (elsewhere) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4zero, Port: 7810} }

func TestServeRefusesAnOpenListener(t *testing.T) {
	h := newBackend()
	deps := server.Deps{Searcher: h, Ingester: h, Documents: h, Admin: h, Collections: h}
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	err = server.New(deps, server.Options{}).Serve(t.Context(), elsewhere{inner})
	if err == nil || !strings.Contains(err.Error(), "--allow-anonymous") {
		t.Errorf("error %v, want one that names --allow-anonymous", err)
	}
	if _, err := inner.Accept(); err == nil {
		t.Error("the listener was left open")
	}
	inner, err = net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() {
		served <- server.New(deps, server.Options{AllowPlaintext: true, AllowAnonymous: true}).Serve(ctx, elsewhere{inner})
	}()
	connection := dial(t, inner.Addr().String())
	defer connection.Close()
	if _, err := dalilv1.NewAdminServiceClient(connection).GetInfo(t.Context(), &dalilv1.GetInfoRequest{}); err != nil {
		t.Errorf("with insecure: %v", err)
	}
	// Not on loopback, so tools are not told what there is.
	stream, err := reflectionpb.NewServerReflectionClient(connection).ServerReflectionInfo(t.Context())
	if err == nil {
		_, err = stream.Recv()
	}
	if status.Code(err) != codes.Unimplemented {
		t.Errorf("reflection: error %v, want %v", err, codes.Unimplemented)
	}
	cancel()
	if err := <-served; err != nil {
		t.Error(err)
	}
}

func TestServeReportsWhyItStopped(t *testing.T) {
	h := newBackend()
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	inner.Close()
	err = server.New(server.Deps{Searcher: h, Ingester: h, Documents: h, Admin: h, Collections: h}, server.Options{}).Serve(t.Context(), inner)
	if err == nil || !strings.Contains(err.Error(), inner.Addr().String()) {
		t.Errorf("error %v, want one that names the address", err)
	}
}

// prose is text that gzip shrinks about as prose does.
func prose(size int) string {
	words := make([]byte, size)
	random := rand.New(rand.NewPCG(1, 2))
	for i := range words {
		words[i] = " etaoinshrdlu"[random.IntN(13)]
	}
	return string(words)
}

// A client that compresses every request is served.
func TestCompressedRequests(t *testing.T) {
	h := newBackend()
	limits := server.DefaultLimits()
	limits.DocumentBytes = 1 << 20
	r := serve(t, h, server.Options{Limits: limits})
	for size, want := range map[int]codes.Code{1 << 20: codes.OK, 1<<20 + 1: codes.InvalidArgument, 16 << 20: codes.ResourceExhausted} {
		_, err := r.documents.UpsertDocument(t.Context(), &dalilv1.UpsertDocumentRequest{
			Document: document("a", prose(size)),
		}, grpc.UseCompressor("gzip"))
		if status.Code(err) != want {
			t.Errorf("%d bytes: %v, want %v", size, err, want)
		}
	}
}

func TestStreamsThatAreNotOursEndWithTheirClient(t *testing.T) {
	r := serve(t, newBackend(), server.Options{})
	stream, err := healthpb.NewHealthClient(r).Watch(t.Context(), &healthpb.HealthCheckRequest{Service: "nobody"})
	if err != nil {
		t.Fatal(err)
	}
	if first, err := stream.Recv(); err != nil || first.GetStatus() != healthpb.HealthCheckResponse_SERVICE_UNKNOWN {
		t.Errorf("watch: %v, error %v", first, err)
	}
	r.stop()
	for err == nil {
		_, err = stream.Recv()
	}
	if err == io.EOF {
		t.Error("a watch that the drain ended looks complete")
	}
}
