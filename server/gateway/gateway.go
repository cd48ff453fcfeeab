// Package gateway answers the wire over HTTP, as JSON. Each request becomes a call
// of the gRPC server of the same process, over a connection in memory, so that the
// server's interceptors see it like any other call. Start with [Serve]; front.go
// lists what every request passes through.
package gateway

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"
	"google.golang.org/grpc/test/bufconn"

	"dalil/server"
)

// Options has the settings of a gateway. The zero value works.
type Options struct {
	// Origins are the origins whose web pages may read and write ("https://app.example.org"). Empty: none.
	Origins []string

	Drain       time.Duration // how long running requests may take after Serve's context has ended; 0: 15 s
	Stall       time.Duration // how long an ingest waits for its client; 0: 2 min
	MemoryLimit int64         // how many bytes of memory the process may use; 0: no limit

	// TLS secures the listener; nil: it is plaintext.
	TLS *tls.Config
	// Docs opens the description of the API (/docs and /openapi.json) to every caller, or closes it; nil: it is open on
	// loopback, to callers that may search.
	Docs *bool

	// Version of the program, for clients of MCP.
	Version string
	// CountTokens estimates the tokens of a text, for clients of MCP; nil: the number of its bytes.
	CountTokens func(text string) int

	Log *slog.Logger // nil: nothing is logged
	// Observe gets every request when it has ended. The route is one of [Routes], or "" if no route matches. nil: none.
	Observe func(route string, status int, took time.Duration)
}

const (
	inMemory = 64 << 10 // bytes that a connection in memory buffers, in each direction

	// connections is the largest number of open connections of HTTP. [server.LimitConnections] says which one a new one
	// then replaces.
	connections = 1024

	// bodyBytes is the budget for bodies that are being read, all requests together.
	bodyBytes = 64 << 20

	headerTimeout = 10 * time.Second
	idleTimeout   = 2 * time.Minute
	headerBytes   = 64 << 10
	// afterDrain is how much longer than the drain a handler may take.
	afterDrain = 3 * time.Second
)

// gateway is one run of Serve.
type gateway struct {
	server  *server.Server
	options Options
	calls   *pool
	bodies  *semaphore.Weighted
	routes  *routes
	doors   []door
	// loopback says that only this machine can reach the listener.
	loopback bool
	agents   http.Handler // MCP
	api      http.Handler // the calls of the wire
}

// Serve runs a gRPC server on one listener and, unless web is nil, its HTTP gateway on
// another, until ctx ends. Then both drain at the same time. Serve returns nil after
// ctx has ended, otherwise the reason why it stopped.
func Serve(ctx context.Context, s *server.Server, listener, web net.Listener, o Options) error {
	if web == nil {
		return s.Serve(ctx, listener)
	}
	inside := bufconn.Listen(inMemory)
	g, err := newGateway(s, inside.DialContext, o)
	if err != nil {
		listener.Close()
		web.Close()
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return s.Serve(ctx, listener, inside) })
	group.Go(func() error { defer g.calls.Close(); return g.serve(ctx, server.LimitConnections(web, connections)) })
	return group.Wait()
}

func newGateway(s *server.Server, dial func(context.Context) (net.Conn, error), o Options) (*gateway, error) {
	if o.Drain <= 0 {
		o.Drain = 15 * time.Second
	}
	if o.Stall <= 0 {
		o.Stall = 2 * time.Minute
	}
	if o.Log == nil {
		o.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	if o.Observe == nil {
		o.Observe = func(string, int, time.Duration) {}
	}
	budget := int64(bodyBytes)
	if o.MemoryLimit > 0 {
		budget = min(budget, max(o.MemoryLimit/8, 1<<20))
	}
	g := &gateway{server: s, options: o, calls: &pool{dial: dial}, bodies: semaphore.NewWeighted(budget), routes: newRoutes()}
	api, err := g.newAPI()
	g.api, g.agents = api, g.newAgents()
	return g, err
}

// serve answers HTTP/1.1 and HTTP/2.
func (g *gateway) serve(ctx context.Context, listener net.Listener) error {
	handler, err := g.front(listener.Addr())
	if err != nil {
		listener.Close()
		return err
	}
	protocols := &http.Protocols{}
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(true)
	protocols.SetUnencryptedHTTP2(g.options.TLS == nil)
	served := &http.Server{
		Handler: handler, Protocols: protocols, TLSConfig: g.options.TLS,
		ConnContext: server.WithConnection, ReadHeaderTimeout: headerTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: headerBytes,
		ErrorLog: slog.NewLogLogger(g.options.Log.Handler(), slog.LevelDebug),
	}
	failed := make(chan error, 1)
	go func() {
		if g.options.TLS != nil {
			failed <- served.ServeTLS(listener, "", "")
			return
		}
		failed <- served.Serve(listener)
	}()
	select {
	case err := <-failed:
		return fmt.Errorf("serve on %v: %w", listener.Addr(), err)
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), g.options.Drain+afterDrain)
	defer cancel()
	err = served.Shutdown(drain)
	if errors.Is(err, context.DeadlineExceeded) {
		err = served.Close()
	}
	<-failed
	return err
}
