// Package standin is a small Qdrant server in the process of a test. It answers
// the calls that store/qdrant makes as a real server does. It keeps points in maps
// and compares every vector with every other. It refuses other calls with an
// error. The same tests run on a real server, which proves that it behaves like
// one. Start with [Start].
package standin

import (
	"context"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"

	sdk "github.com/qdrant/go-client/qdrant"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Options tune a Server.
type Options struct {
	Version string           // "": 1.18.3
	Key     string           // API key that calls must carry; "": none
	Now     func() time.Time // the clock that answers are dated by; nil: time.Now. Of the zero time they have no date
	// Before, if set, is called with each call's method and request. Its error is the
	// answer.
	Before func(ctx context.Context, method string, request any) error
	// Server are options of the listener, such as credentials.
	Server []grpc.ServerOption
}

// Server is a running stand-in.
type Server struct {
	sdk.UnimplementedQdrantServer
	sdk.UnimplementedCollectionsServer

	options Options
	address string

	mu          sync.RWMutex
	collections map[string]*collection
	aliases     map[string]string
}

// cleaner is the part of a test that Start needs.
type cleaner interface {
	Cleanup(func())
	Fatal(args ...any)
}

// Start serves on a free port of loopback until the test ends.
func Start(t cleaner, options Options) *Server {
	if options.Version == "" {
		options.Version = "1.18.3"
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	s := &Server{options: options, collections: map[string]*collection{}, aliases: map[string]string{}}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.address = listener.Addr().String()
	server := grpc.NewServer(append([]grpc.ServerOption{grpc.UnaryInterceptor(s.intercept), grpc.MaxRecvMsgSize(64 << 20)}, options.Server...)...)
	sdk.RegisterQdrantServer(server, s)
	sdk.RegisterCollectionsServer(server, s)
	sdk.RegisterPointsServer(server, points{s, sdk.UnimplementedPointsServer{}})
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(listener) // ends with Stop
	}()
	t.Cleanup(func() {
		server.Stop()
		<-done
	})
	return s
}

// Address is where it listens, host:port.
func (s *Server) Address() string { return s.address }

// HealthCheck returns the version.
func (s *Server) HealthCheck(context.Context, *sdk.HealthCheckRequest) (*sdk.HealthCheckReply, error) {
	return &sdk.HealthCheckReply{Title: "stand-in", Version: s.options.Version}, nil
}

// minor is the second number of the version.
func (s *Server) minor() int {
	parts := strings.Split(s.options.Version, ".")
	if len(parts) < 2 {
		return 0
	}
	n, err := strconv.Atoi(parts[1])
	if err != nil {
		return 0
	}
	return n
}

// find returns a collection by its name or alias; the lock is held.
func (s *Server) find(name string) (*collection, error) {
	if target, ok := s.aliases[name]; ok {
		name = target
	}
	c, ok := s.collections[name]
	if !ok {
		return nil, status.Errorf(codes.NotFound, "Not found: Collection `%s` doesn't exist!", name)
	}
	return c, nil
}

func invalid(format string, args ...any) error {
	return status.Errorf(codes.InvalidArgument, "Wrong input: "+format, args...)
}

// unknown refuses what a real server might do and this one does not.
func unknown(what string) error {
	return status.Errorf(codes.Unimplemented, "the stand-in does not support %s", what)
}
