package app

import (
	"context"
	"runtime"

	"golang.org/x/sync/errgroup"

	"dalil/corpus"
	"dalil/grounding"
	"dalil/indexer"
	"dalil/internal/config"
	"dalil/internal/expiry"
	"dalil/internal/failures"
	"dalil/internal/model"
	"dalil/internal/observe"
	"dalil/server"
	"dalil/server/gateway"
	"dalil/store"
	"dalil/tenants"
)

// grpcConnections is the largest number of open gRPC connections. Beyond it, a new
// connection replaces the oldest one that has sent nothing.
const grpcConnections = 1024

// Addresses are where a server answers; "" for what is turned off.
type Addresses struct{ GRPC, HTTP, Admin string }

// Serve answers on the configured addresses until ctx ends, and then drains. When
// all listeners are open, it calls ready with their actual addresses.
func (a *App) Serve(ctx context.Context, ready func(Addresses)) error {
	c := a.config
	open, err := server.Listen(server.Guard{AllowPlaintext: c.Insecure, AllowAnonymous: c.Insecure}, server.At{Setting: "listen", Address: c.Listen}, server.At{Setting: "http", Address: c.HTTP}, server.At{Setting: "admin", Address: c.Admin})
	if err != nil {
		return err
	}
	listener, web, admin := open[0], open[1], open[2]
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
	if admin != nil {
		group.Go(func() error {
			return a.metrics.ServeAdmin(drained, admin, observe.ReadyUntil(ctx, a.Ready), observe.Guard{}, a.log)
		})
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
		return gateway.Serve(ctx, a.server(), limited, web, a.overHTTP())
	})
	group.Go(func() error { a.metrics.LogDrain(ctx, a.log, c.Server.Drain, served); return nil })
	ready(Addresses{server.Address(listener), server.Address(web), server.Address(admin)})
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
	kept := failures.In(c.Data, a.log)
	a.metrics.WatchFailed(kept.Len)
	return server.New(server.Deps{Searcher: a, Contexts: a, Claims: a.metrics.Claims(model.NewClaims(c.Search)), Ingester: a, Previews: a, Documents: a.documents(), Failures: kept, Admin: a, Collections: a, Backups: a, Tenants: tenants.New(a.lend, a.config.Quota.Of())}, server.Options{
		Limits:         corpus.Limits{ContextTokens: c.Context.MaxTokens},
		MemoryLimit:    config.MemoryLimit(),
		DefaultTimeout: c.Server.Deadline, Drain: c.Server.Drain, AllowPlaintext: c.Insecure, AllowAnonymous: c.Insecure, Reflection: reflection, Log: a.log,
		ObserveUnary: a.metrics.UnaryInterceptor(c.Server.Deadline), ObserveStream: a.metrics.StreamInterceptor(),
	})
}

// overHTTP returns the settings of HTTP.
func (a *App) overHTTP() gateway.Options {
	return gateway.Options{
		Origins: a.config.Server.Origins, Drain: a.config.Server.Drain, MemoryLimit: config.MemoryLimit(),
		Version: observe.ReadBuild().Version, CountTokens: grounding.Estimate{}.Count, Log: a.log, Observe: a.metrics.HTTP(gateway.Routes()),
	}
}
