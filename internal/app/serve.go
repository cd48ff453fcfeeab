package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"time"

	"golang.org/x/net/netutil"
	"golang.org/x/sync/errgroup"

	"dalil/indexer"
	"dalil/server"
	"dalil/store"
)

// Serve answers on the configured addresses until ctx ends, then drains. ready
// is told the real addresses once both listen; the admin one is "" where it is
// switched off.
func (a *App) Serve(ctx context.Context, ready func(grpcAddress, adminAddress string)) error {
	c := a.config
	for _, address := range []string{c.Listen, c.Admin} {
		if address == "" {
			continue
		}
		if err := server.CheckListen(address, c.Insecure); err != nil {
			return err
		}
	}
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	a.metrics.LogFailures(a.log)
	defer a.metrics.Close()
	if disk, ok := a.driver.(store.DiskUser); ok {
		a.metrics.WatchDisk(disk.Disk)
	}
	group, ctx := errgroup.WithContext(ctx)
	a.stopping = ctx
	a.turns = indexer.NewTurns(runtime.GOMAXPROCS(0) / 2)
	adminAddress := ""
	if c.Admin != "" {
		admin, err := net.Listen("tcp", c.Admin)
		if err != nil {
			listener.Close()
			return fmt.Errorf("admin: %w", err)
		}
		adminAddress = admin.Addr().String()
		group.Go(func() error { return a.serveAdmin(ctx, admin) })
	}
	group.Go(func() error { a.watch(ctx); return nil })
	group.Go(func() error { a.verifyHourly(ctx); return nil })
	group.Go(func() error { a.resume(ctx); return nil })
	limited := netutil.LimitListener(listener, grpcConnections)
	served := make(chan struct{})
	group.Go(func() error { defer close(served); return a.server().Serve(ctx, limited) })
	group.Go(func() error { a.logDrain(ctx, served); return nil })
	ready(listener.Addr().String(), adminAddress)
	return group.Wait()
}

// server assembles the gRPC server.
func (a *App) server() *server.Server {
	c := a.config
	var reflection *bool
	if c.Server.Reflection != "auto" {
		on := c.Server.Reflection == "on"
		reflection = &on
	}
	return server.New(server.Deps{Searcher: a, Ingester: a, Documents: a, Admin: a, Collections: a, Backups: a}, server.Options{
		MemoryLimit:    memoryLimit(),
		DefaultTimeout: c.Server.Deadline, Drain: c.Server.Drain, Insecure: c.Insecure, Reflection: reflection, Log: a.log,
		ObserveUnary: a.metrics.UnaryInterceptor(c.Server.Deadline), ObserveStream: a.metrics.StreamInterceptor(),
	})
}

// serveAdmin serves metrics, health and profiles. It stays up while the gRPC
// server drains: that is when an operator looks.
func (a *App) serveAdmin(ctx context.Context, listener net.Listener) error {
	connections := &idlest{most: adminConnections}
	s := &http.Server{
		Handler: a.metrics.Handler(a.Ready), MaxHeaderBytes: 64 << 10, ConnState: connections.state,
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, IdleTimeout: 30 * time.Second,
		WriteTimeout: 2 * time.Minute, // a profile takes as long as its caller asks
		ErrorLog:     slog.NewLogLogger(a.log.Handler(), slog.LevelWarn),
	}
	stopped := context.AfterFunc(ctx, func() {
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), a.config.Server.Drain+time.Second)
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
