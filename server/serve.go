package server

import (
	"context"
	"fmt"
	"net"
	"runtime"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	_ "google.golang.org/grpc/encoding/gzip" // so that clients can send compressed documents
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/reflection"

	"dalil/proto/codec"
	dalilv1 "dalil/proto/dalil/v1"
)

const (
	// maxStreams limits the running calls of one connection. Further calls wait in
	// the client's gRPC library.
	maxStreams       = 256
	streamWindow     = 64 << 10
	connectionWindow = 1 << 20
	// afterStop is how long handlers may take to return after they were stopped.
	afterStop = 2 * time.Second
)

// serving is one run of Serve.
type serving struct {
	*Server
	draining   chan struct{}   // closed when the drain begins
	local      bool            // only this machine can reach the listener
	unary      map[string]bool // unary methods, which are served as streams of one message
	operations *operations
	stragglers sync.WaitGroup // goroutines of streams that may outlive their handler for a moment
}

// Serve answers on the listener, and on listeners of this process's own gateways,
// until ctx ends, and then drains: health becomes NOT_SERVING, new calls are refused,
// unary calls finish, and streams acknowledge the documents that they have accepted
// and end. Calls that are not done within
// Options.Drain are interrupted. Serve returns nil after ctx has ended, otherwise
// the reason why it stopped.
func (s *Server) Serve(ctx context.Context, listener net.Listener, own ...net.Listener) error {
	if at := listener.Addr(); !Local(at) {
		if err := s.Guard().Check(at.String()); err != nil {
			listener.Close()
			return err
		}
	}
	run := &serving{Server: s, local: Local(listener.Addr()), draining: make(chan struct{}), unary: map[string]bool{}, operations: newOperations()}
	served := grpc.NewServer(run.settings()...)
	run.register(served, listener)
	status := health.NewServer()
	healthpb.RegisterHealthServer(served, status)

	var background sync.WaitGroup
	watch, stopWatching := context.WithCancel(ctx)
	defer background.Wait()
	defer stopWatching()
	run.reportReady(watch, status) // before the first connection, which would find the services unknown
	background.Go(func() { run.watchReady(watch, status) })

	failed := make(chan error, 1+len(own)) // ends with the last call, which may be after Serve has returned
	for _, l := range own {
		go func() { failed <- served.Serve(inside{l}) }()
	}
	go func() { failed <- served.Serve(listener) }()
	select {
	case err := <-failed:
		served.Stop()
		run.stragglers.Wait()
		run.operations.stop(s.options.Drain)
		return fmt.Errorf("serve on %v: %w", listener.Addr(), err)
	case <-ctx.Done():
	}
	stopWatching()
	status.Shutdown()
	err := run.drain(served)
	if !run.operations.stop(s.options.Drain) && err == nil {
		err = fmt.Errorf("operations were still running %v after they were stopped", s.options.Drain)
	}
	for range 1 + len(own) {
		if err == nil {
			<-failed
		}
	}
	return err
}

// settings returns the options that the gRPC library enforces.
func (r *serving) settings() []grpc.ServerOption {
	all := []grpc.ServerOption{
		grpc.ForceServerCodecV2(codec.Server{}),
		grpc.MaxRecvMsgSize(smallMessage), // for health and reflection; receive reads all other messages
		grpc.MaxConcurrentStreams(maxStreams),
		grpc.MaxHeaderListSize(headerRead),
		// How much of a message a client can send before the server reads it.
		// Without these two options, gRPC lets the windows grow to 16 MB.
		grpc.InitialWindowSize(streamWindow),
		grpc.InitialConnWindowSize(connectionWindow),
		grpc.ConnectionTimeout(10 * time.Second),
		grpc.WaitForHandlers(true),
		// Calls reuse goroutines, whose stacks have grown already. If all are busy, a call
		// gets a new one.
		grpc.NumStreamWorkers(uint32(4 * runtime.GOMAXPROCS(0))),
		grpc.KeepaliveParams(keepalive.ServerParameters{
			// Connections end from time to time, so that clients find new replicas.
			// There is no grace period for calls, because an ingest stream may last
			// longer, and StallTimeout ends dead streams.
			MaxConnectionAge:  30 * time.Minute,
			MaxConnectionIdle: 5 * time.Minute,
			Time:              time.Minute, // detects peers that vanished without closing the connection
			Timeout:           20 * time.Second,
		}),
		// Load balancers drop connections that are idle for a minute, so idle
		// clients may ping. More frequent pings are abuse.
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: 10 * time.Second, PermitWithoutStream: true}),
		grpc.UnaryInterceptor(r.foreignUnary()),
		grpc.StreamInterceptor(r.routed()),
		// Unknown methods pass through the chain too, so that they are counted.
		grpc.UnknownServiceHandler(func(any, grpc.ServerStream) error { return errUnknownMethod }),
	}
	if c := r.options.TLS; c != nil {
		all = append(all, grpc.Creds(secured{credentials.NewTLS(c)}))
	}
	return all
}

func (r *serving) register(served *grpc.Server, listener net.Listener) {
	for desc, handler := range map[*grpc.ServiceDesc]any{
		&dalilv1.SearchService_ServiceDesc:   &searchService{serving: r},
		&dalilv1.DocumentService_ServiceDesc: &documentService{serving: r},
		&dalilv1.AdminService_ServiceDesc:    &adminService{serving: r},
	} {
		served.RegisterService(r.readable(desc), handler)
	}
	if on := r.options.Reflection; on != nil && *on || on == nil && Local(listener.Addr()) {
		reflection.Register(served)
	}
}

// drain ends everything within Options.Drain. It returns an error if handlers are
// still running after that.
func (r *serving) drain(served *grpc.Server) error {
	close(r.draining)
	r.operations.cancel()
	done := make(chan struct{})
	var stopping sync.WaitGroup // left behind only with the handlers that it waits for
	stopping.Go(func() {
		served.GracefulStop()
		r.stragglers.Wait()
		close(done)
	})
	if !within(done, r.options.Drain) {
		stopping.Go(served.Stop)
	}
	if within(done, afterStop) {
		stopping.Wait()
		return nil
	}
	return fmt.Errorf("calls were still running %v after they were stopped", afterStop)
}

func within(done <-chan struct{}, limit time.Duration) bool {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-done:
		return true
	case <-timer.C:
		return false
	}
}

// watchReady sets the state of the health service from Admin.Ready, until ctx ends.
func (r *serving) watchReady(ctx context.Context, to *health.Server) {
	ticker := time.NewTicker(r.options.ReadyEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		r.reportReady(ctx, to)
	}
}

// reportReady sets the state of the whole server ("") and of each service.
func (r *serving) reportReady(ctx context.Context, to *health.Server) {
	state := healthpb.HealthCheckResponse_NOT_SERVING
	if r.ready(ctx) {
		state = healthpb.HealthCheckResponse_SERVING
	}
	for _, service := range []string{"", dalilv1.SearchService_ServiceDesc.ServiceName, dalilv1.DocumentService_ServiceDesc.ServiceName} {
		to.SetServingStatus(service, state)
	}
	// The admin service answers in every state of the store.
	to.SetServingStatus(dalilv1.AdminService_ServiceDesc.ServiceName, healthpb.HealthCheckResponse_SERVING)
}

func (r *serving) ready(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, max(r.options.ReadyEvery, time.Second))
	defer cancel()
	return contained(func() error { return r.deps.Admin.Ready(ctx) }) == nil
}
