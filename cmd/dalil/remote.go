package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"google.golang.org/grpc"

	"dalil/internal/app"
	"dalil/internal/config"
	dalilv1 "dalil/proto/dalil/v1"
)

// remote has the flag that chooses between a running server and the local store.
type remote struct {
	Server string `placeholder:"HOST:PORT" help:"Use a running server instead of the local store. https://HOST:PORT connects with TLS."`
	connecting
}

// dial connects to the server that --server names. Without --server, it opens the
// local store for reading and serves it over an in-memory connection.
func (r *remote) dial(ctx context.Context, g *Globals, s streams) (grpc.ClientConnInterface, func(), error) {
	return r.dialOr(ctx, g, s, app.OpenReading)
}

// dialOr does the same, and opens the local store with opens.
func (r *remote) dialOr(ctx context.Context, g *Globals, s streams, opens opener) (grpc.ClientConnInterface, func(), error) {
	if r.Server != "" {
		connection, err := r.connect(r.Server, g, s)
		if err != nil {
			return nil, nil, err
		}
		return connection, func() { connection.Close() }, nil
	}
	if err := r.local(); err != nil {
		return nil, nil, err
	}
	a, err := open(ctx, g, s, opens)
	if err != nil {
		return nil, nil, err
	}
	connection, err := a.Connect()
	if err != nil {
		a.Close()
		return nil, nil, err
	}
	return tenantConnection{connection, r.Tenant}, func() { connection.Close(); a.Close() }, nil
}

// asked makes one call of the search service and returns its answer. The timeout limits
// the opening of the store too. flag names the flag that set a field, for errors.
func asked[T any](
	ctx context.Context, r *remote, g *Globals, s streams, timeout time.Duration, flag func(field string) string,
	call func(context.Context, dalilv1.SearchServiceClient) (T, error),
) (answer T, err error) {
	if timeout <= 0 {
		return answer, fmt.Errorf("--timeout: must be above 0, is %v", timeout)
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	connection, closeAll, err := r.dial(ctx, g, s)
	if err != nil {
		return answer, err
	}
	defer closeAll()
	answer, err = call(ctx, dalilv1.NewSearchServiceClient(connection))
	switch {
	case err == nil:
		return answer, nil
	case errors.Is(ctx.Err(), context.Canceled):
		return answer, ctx.Err()
	}
	return answer, readable(err, r.Server, flag)
}

// opener is a function of package app that opens a store, such as app.OpenReading.
type opener func(context.Context, config.Config, *slog.Logger) (*app.App, error)

// open loads the configuration and opens the app with it.
func open(ctx context.Context, g *Globals, s streams, opens opener) (*app.App, error) {
	settings, err := g.load(s)
	if err != nil {
		return nil, err
	}
	return opens(ctx, settings, logger(settings, s.err))
}
