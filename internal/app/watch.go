package app

import (
	"context"
	"fmt"
	"log/slog"

	"dalil/internal/config"
	"dalil/reindex"
	"dalil/store"
)

// watch opens a new generation when another collection becomes active. It runs
// until ctx ends.
func (a *App) watch(ctx context.Context) {
	if several, able := a.driver.(store.Cataloguer); able {
		reindex.Watch(ctx, several, a.config.Store.Collection, a.config.Store.Poll, follower{a})
	}
}

// follower makes the app follow the active collection.
type follower struct{ *App }

func (f follower) State() (open bool, collection string, why error) { return f.generation.state() }

func (f follower) SetError(why error) { f.generation.setError(why) }

func (f follower) GoOver(ctx context.Context, before string) error {
	g, err := f.openNewest(ctx, store.Driver.Open)
	if err != nil {
		return err
	}
	f.log.LogAttrs(ctx, slog.LevelInfo, "another collection answers now", slog.String("collection", g.collection()), slog.String("before", before))
	if err := f.generation.swap(g); err != nil {
		f.log.LogAttrs(ctx, slog.LevelWarn, "the previous collection could not be closed", slog.String("error", err.Error()))
	}
	return nil
}

func (f follower) CannotGoOver(ctx context.Context, why error) {
	f.log.LogAttrs(ctx, slog.LevelError, "the active collection could not be opened", slog.String("error", why.Error()))
}

// openNewest opens the collection that the alias points to, with the current
// configuration. If that has another pipeline, it reads the configuration file
// again, because its owner may have changed it for the new collection.
func (a *App) openNewest(ctx context.Context, open opener) (*generation, error) {
	g, err := a.open(ctx, a.config, open)
	if err == nil || a.reload == nil {
		return g, err
	}
	fresh, readErr := a.reload()
	if readErr != nil {
		return nil, fmt.Errorf("%w; and the configuration can't be read again: %w", err, readErr)
	}
	renewed := a.config
	renewed.Embedder, renewed.Index, renewed.Search = fresh.Embedder, fresh.Index, fresh.Search
	return a.open(ctx, renewed, open)
}

// Reload makes a serving app read its configuration again with read.
type Reload func() (config.Config, error)
