package observe

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// ServeAdmin serves metrics, health and profiles. It stays up while the gRPC
// server drains: that is when an operator looks.
func (m *Metrics) ServeAdmin(ctx context.Context, listener net.Listener, ready func(context.Context) error, drain time.Duration, log *slog.Logger) error {
	connections := &idlest{most: adminConnections}
	s := &http.Server{
		Handler: m.Handler(ready), MaxHeaderBytes: 64 << 10, ConnState: connections.state,
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, IdleTimeout: 30 * time.Second,
		WriteTimeout: 2 * time.Minute, // a profile takes as long as its caller asks
		ErrorLog:     slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	stopped := context.AfterFunc(ctx, func() {
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain+time.Second)
		defer cancel()
		if err := s.Shutdown(late); err != nil {
			s.Close()
		}
	})
	defer stopped()
	if err := s.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve admin on %v: %w", listener.Addr(), err)
	}
	return nil
}
