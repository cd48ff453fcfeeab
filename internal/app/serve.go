package app

import (
	"context"

	"golang.org/x/sync/errgroup"

	"dalil/internal/expiry"
	"dalil/internal/failures"
	"dalil/internal/model"
	"dalil/internal/observe"
	"dalil/internal/serving"
	"dalil/server"
	"dalil/store"
	"dalil/tenants"
)

// Addresses are where a server answers; "" for what is turned off.
type Addresses = serving.Addresses

// Serve answers on the configured addresses until ctx ends, and then drains. When
// all listeners are open, it calls ready with their actual addresses.
func (a *App) Serve(ctx context.Context, ready func(Addresses)) error {
	front, err := serving.Open(a.config, a.log, a.metrics, a.usage, store.IsRemote(a.driver))
	if err != nil {
		return err
	}
	defer front.Close()
	on, err := front.Listen()
	if err != nil {
		return err
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
	s := a.server(front)
	if on.Admin != nil {
		group.Go(func() error { return front.ServeAdmin(drained, s, on, observe.ReadyUntil(ctx, a.Ready)) })
	}
	group.Go(func() error { a.watch(ctx); return nil })
	group.Go(func() error { a.verifyHourly(ctx); return nil })
	group.Go(func() error { a.resume(ctx); return nil })
	group.Go(func() error { expiry.Run(ctx, a.lend, a.metrics.Expiry(), a.log); return nil })
	served := make(chan struct{})
	group.Go(func() error {
		defer endAdmin()
		defer close(served)
		return front.Serve(ctx, s, on)
	})
	group.Go(func() error { a.metrics.LogDrain(ctx, a.log, a.config.Server.Drain, served); return nil })
	ready(on.Addresses)
	return group.Wait()
}

// server returns the gRPC server.
func (a *App) server(front *serving.Front) *server.Server {
	kept := failures.In(a.config.Data, a.log)
	a.metrics.WatchFailed(kept.Len)
	return front.Server(server.Deps{
		Searcher: a, Contexts: a, Claims: a.metrics.Claims(model.NewClaims(a.config.Search)), Ingester: a, Previews: a,
		Documents: a.documents(), Failures: kept, Admin: a, Collections: a, Backups: a,
		Tenants: tenants.New(a.lend, a.config.Quota.Of()),
	})
}
