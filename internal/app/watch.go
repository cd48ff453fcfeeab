package app

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"dalil/corpus"
	"dalil/internal/config"
	"dalil/store"
)

// watch looks, until ctx ends, where the alias points, and swaps whole
// generations when it moves. A server never queries the alias itself: every
// answer is of one collection, with the pipeline that built it.
func (a *App) watch(ctx context.Context) {
	several, able := a.driver.(store.Cataloguer)
	if !able {
		return
	}
	w := watcher{app: a, driver: several}
	defer w.close()
	tick := time.NewTicker(a.config.Store.Poll)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		w.look(ctx)
	}
}

type watcher struct {
	app       *App
	driver    store.Cataloguer
	catalogue store.Catalogue
}

func (w *watcher) close() {
	if w.catalogue != nil {
		w.catalogue.Close()
	}
}

func (w *watcher) look(ctx context.Context) {
	a := w.app
	name, err := w.active(ctx)
	if ctx.Err() != nil {
		return
	}
	open, held, why := a.generation.state()
	switch {
	case err != nil && !open:
		a.generation.trouble(err)
		return
	case err != nil:
		return // Ready asks the store itself; what is open goes on answering
	case open && name == "" && held != "":
		// What is written now would be left behind by whoever makes the alias again.
		a.generation.trouble(corpus.Errorf(corpus.ErrMissing, "the alias %s points to no collection any more; collection %s answers here, and nothing is written to it; \"dalil reindex activate %s\" lets the alias point to it again", a.config.Store.Collection, held, held))
		return
	case open && (name == held || name == ""):
		if why != nil {
			a.generation.trouble(nil)
		}
		return
	}
	g, err := a.openNewest(ctx, store.Driver.Open)
	if err != nil {
		if open {
			err = fmt.Errorf("the alias %s points to %s now, which this process can't open, so it goes on answering from %s: %w", a.config.Store.Collection, name, held, err)
		}
		if why == nil || why.Error() != err.Error() {
			a.log.LogAttrs(ctx, slog.LevelError, "open the collection", slog.String("error", err.Error()))
		}
		a.generation.trouble(err)
		return
	}
	a.log.LogAttrs(ctx, slog.LevelInfo, "another collection answers now", slog.String("collection", g.collection()), slog.String("before", held))
	if err := a.generation.swap(g); err != nil {
		a.log.LogAttrs(ctx, slog.LevelWarn, "close the collection before", slog.String("error", err.Error()))
	}
}

func (w *watcher) active(ctx context.Context) (string, error) {
	if w.catalogue == nil {
		catalogue, err := w.driver.OpenCatalogue(ctx)
		if err != nil {
			return "", err
		}
		w.catalogue = catalogue
	}
	return w.catalogue.Active(ctx)
}

// openNewest opens what the alias points to with the configuration in force,
// or, where that is of another pipeline, with the configuration as it can be
// read now: its owner may have changed it for the new collection.
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

// Reload is how a served app reads its configuration again.
type Reload func() (config.Config, error)
