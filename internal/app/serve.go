package app

import (
	"context"
	"fmt"
	"net"
	"runtime"

	"golang.org/x/sync/errgroup"

	"dalil/corpus"
	"dalil/indexer"
	"dalil/internal/config"
	"dalil/internal/expiry"
	"dalil/internal/model"
	"dalil/internal/observe"
	"dalil/server"
	"dalil/store"
)

// grpcConnections is the largest number of open gRPC connections. Beyond it, a new
// connection replaces the oldest one that has sent nothing.
const grpcConnections = 1024

// Serve answers on the configured addresses until ctx ends, and then drains. When
// both listeners are open, it calls ready with their actual addresses; the admin
// address is "" if it is turned off.
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
	drained, endAdmin := context.WithCancel(context.WithoutCancel(ctx))
	defer endAdmin()
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
		group.Go(func() error { return a.metrics.ServeAdmin(drained, admin, observe.ReadyUntil(ctx, a.Ready), a.log) })
	}
	group.Go(func() error { a.watch(ctx); return nil })
	group.Go(func() error { a.verifyHourly(ctx); return nil })
	group.Go(func() error { a.resume(ctx); return nil })
	group.Go(func() error { expiry.Run(ctx, a.lend, a.metrics.Expiry(), a.log); return nil })
	limited := server.LimitSilent(listener, grpcConnections)
	served := make(chan struct{})
	group.Go(func() error {
		defer endAdmin()
		defer close(served)
		return a.server().Serve(ctx, limited)
	})
	group.Go(func() error { a.metrics.LogDrain(ctx, a.log, c.Server.Drain, served); return nil })
	ready(listener.Addr().String(), adminAddress)
	return group.Wait()
}

// server returns the gRPC server.
func (a *App) server() *server.Server {
	c := a.config
	var reflection *bool
	if c.Server.Reflection != "auto" {
		on := c.Server.Reflection == "on"
		reflection = &on
	}
	return server.New(server.Deps{Searcher: a, Contexts: a, Claims: model.NewClaims(c.Search), Ingester: a, Previews: a, Documents: a, Admin: a, Collections: a, Backups: a}, server.Options{
		Limits:         corpus.Limits{ContextTokens: c.Context.MaxTokens},
		MemoryLimit:    config.MemoryLimit(),
		DefaultTimeout: c.Server.Deadline, Drain: c.Server.Drain, Insecure: c.Insecure, Reflection: reflection, Log: a.log,
		ObserveUnary: a.metrics.UnaryInterceptor(c.Server.Deadline), ObserveStream: a.metrics.StreamInterceptor(),
	})
}
