package observe

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"dalil/corpus"
)

// adminDrain is how long running requests may take when the admin listener ends.
const adminDrain = time.Second

// ServeAdmin serves metrics, health and profiles behind a guard until ctx ends, and
// returns when its requests have ended. The caller must end ctx after the gRPC server, because
// operators watch the metrics of a draining server.
func (m *Metrics) ServeAdmin(ctx context.Context, listener net.Listener, ready func(context.Context) error, g Guard, log *slog.Logger) error {
	connections := &idlest{most: adminConnections}
	s := &http.Server{
		Handler: g.over(m.Handler(ready), ready), TLSConfig: g.TLS, MaxHeaderBytes: 64 << 10, ConnState: connections.state,
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, IdleTimeout: 30 * time.Second,
		WriteTimeout: 2 * time.Minute, // a profile takes as long as its caller requests
		ErrorLog:     slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	shut := make(chan struct{})
	keep := context.AfterFunc(ctx, func() {
		defer close(shut)
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), adminDrain)
		defer cancel()
		if err := s.Shutdown(late); err != nil {
			s.Close()
		}
	})
	serve := s.Serve
	if g.TLS != nil {
		serve = func(l net.Listener) error { return s.ServeTLS(l, "", "") }
	}
	err := serve(listener)
	if !keep() {
		<-shut
	}
	if !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve admin on %v: %w", listener.Addr(), err)
	}
	return nil
}

// ReadyUntil returns ready until stopping ends, and then that the server is shutting
// down.
func ReadyUntil(stopping context.Context, ready func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		if stopping.Err() != nil {
			return corpus.Errorf(corpus.ErrUnavailable, "the server is shutting down")
		}
		return ready(ctx)
	}
}
