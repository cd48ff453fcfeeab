package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"dalil/internal/config"
	"dalil/internal/doctor"
	"dalil/internal/model"
)

// OpenExamined opens the index of a configuration for the checks of the doctor.
func OpenExamined(ctx context.Context, c config.Config, log *slog.Logger) (*doctor.Index, error) {
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
