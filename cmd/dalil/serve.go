package main

import (
	"context"
	"log/slog"

	"dalil/internal/app"
	"dalil/internal/config"
)

type serveCommand struct{}

// Run serves until it is interrupted, then drains.
func (c *serveCommand) Run(ctx context.Context, g *Globals, s streams) error {
	settings, err := g.load(s)
	if err != nil {
		return err
	}
	reload := func() (config.Config, error) { return g.load(s) }
	a, err := app.OpenServed(ctx, settings, logger(settings, s.err), reload)
	if err != nil {
		return err
	}
	err = a.Serve(ctx, func(at app.Addresses) {
		a.Log().LogAttrs(ctx, slog.LevelInfo, "serving", slog.String("grpc", at.GRPC), slog.String("admin", at.Admin),
			slog.String("credentials", settings.Access.Summary()), slog.String("http", at.HTTP))
	})
	if closeErr := a.Close(); err == nil {
		err = closeErr
	}
	return err
}
