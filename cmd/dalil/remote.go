package main

import (
	"context"
	"log/slog"

	"google.golang.org/grpc"

	"dalil/client"
	"dalil/internal/app"
	"dalil/internal/config"
)

// remote is the choice between a running server and the local store.
type remote struct {
	Server string `placeholder:"HOST:PORT" help:"Use a running server instead of the local store."`
}

// dial connects to the server named, or opens the local store for reading
// behind the same wire in this process.
func (r *remote) dial(ctx context.Context, g *Globals, s streams) (grpc.ClientConnInterface, func(), error) {
	if r.Server != "" {
		connection, err := client.Dial(r.Server)
		if err != nil {
			return nil, nil, err
		}
		return connection, func() { connection.Close() }, nil
	}
	a, err := open(ctx, g, s, app.OpenReading)
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

// opener is one of the ways in which package app opens a store.
type opener func(context.Context, config.Config, *slog.Logger) (*app.App, error)

// open loads the configuration and opens what it names.
func open(ctx context.Context, g *Globals, s streams, opens opener) (*app.App, error) {
	settings, err := g.load(s)
	if err != nil {
		return nil, err
	}
	return opens(ctx, settings, logger(settings, s.err))
}
