package main

import (
	"context"
	"log/slog"

	"google.golang.org/grpc"

	"dalil/client"
	"dalil/internal/app"
	"dalil/internal/config"
)

// remote has the flag that chooses between a running server and the local store.
type remote struct {
	Server string `placeholder:"HOST:PORT" help:"Use a running server instead of the local store."`
}

// dial connects to the server that --server names. Without --server, it opens the
// local store for reading and serves it over an in-memory connection.
func (r *remote) dial(ctx context.Context, g *Globals, s streams) (grpc.ClientConnInterface, func(), error) {
	return r.dialOr(ctx, g, s, app.OpenReading)
}

// dialOr does the same, and opens the local store with opens.
func (r *remote) dialOr(ctx context.Context, g *Globals, s streams, opens opener) (grpc.ClientConnInterface, func(), error) {
	if r.Server != "" {
		connection, err := client.Dial(r.Server, client.Direct())
		if err != nil {
			return nil, nil, err
		}
		return connection, func() { connection.Close() }, nil
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
	return connection, func() { connection.Close(); a.Close() }, nil
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
