package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"dalil/embedder"
	"dalil/internal/config"
	"dalil/internal/doctor"
	"dalil/internal/model"
)

// Doctor checks everything that a service with this configuration needs.
func Doctor(ctx context.Context, c config.Config, log *slog.Logger) ([]doctor.Finding, error) {
	d, err := Driver(c, log)
	if err != nil {
		return nil, err
	}
	return doctor.Examine(ctx, doctor.Deps{
		Ports:     []doctor.Port{{Key: "listen", Address: c.Listen}, {Key: "admin", Address: c.Admin}},
		StoreName: c.Store.Name, Driver: d,
		Embedder: func() (embedder.Embedder, error) { return model.OpenProvider(c) },
		Open:     func(ctx context.Context) (*doctor.Index, error) { return openExamined(ctx, c, log) },
	}), nil
}

func openExamined(ctx context.Context, c config.Config, log *slog.Logger) (*doctor.Index, error) {
	a, err := OpenReading(ctx, c, log)
	if errors.Is(err, model.ErrOpen) {
		return nil, fmt.Errorf("%w: %w", doctor.ErrEmbedder, err)
	}
	if err != nil {
		return nil, err
	}
	g, err := a.generation.pin()
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	index := &doctor.Index{
		Store: g.opened, Collection: g.collection(), Terms: g.encoder(1).Length,
		Close: func() error { g.release(); return a.Close() },
	}
	if changed := g.changed.Load(); changed != nil {
		index.Changed = *changed
	}
	return index, nil
}
