package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"dalil/corpus"
	"dalil/indexer"
	"dalil/internal/stores"
	"dalil/reindex"
	"dalil/store"
)

// Rebuild fills the collection of OpenRebuild from the collection that it will
// replace, or from the embedded store in the folder from. The source goes on
// answering. If Rebuild is run again, it continues where it stopped.
func (a *App) Rebuild(ctx context.Context, from string, progress func(corpus.Receipt)) (indexer.Summary, error) {
	return a.rebuild(ctx, from, false, progress)
}

// RebuildSalvaged rebuilds like Rebuild, but skips documents that cannot be read
// and lists them in the summary. Activate then keeps the old collection of the
// embedded store under another name.
func (a *App) RebuildSalvaged(ctx context.Context, from string, progress func(corpus.Receipt)) (indexer.Summary, error) {
	summary, err := a.rebuild(ctx, from, true, progress)
	a.keepReplaced = len(summary.Missing) > 0
	return summary, err
}

func (a *App) rebuild(ctx context.Context, from string, salvage bool, progress func(corpus.Receipt)) (indexer.Summary, error) {
	start := time.Now()
	var summary indexer.Summary
	g, err := a.generation.pin()
	if err != nil {
		return summary, err
	}
	defer g.release()
	source, err := a.source(ctx, g, from, salvage)
	if err != nil {
		return summary, err
	}
	defer source.Close()
	var damaged func(store.Damage)
	if salvage {
		summary.Missing = store.Unreadable(source)
		damaged = func(d store.Damage) { summary.Missing = append(summary.Missing, d) }
	}
	began, err := reindex.Carry(ctx, source, a.target(g), damaged, func(r corpus.Receipt) {
		a.metrics.Receipt(ctx, r)
		summary.Add(r)
		progress(r)
	})
	if from == "" {
		a.carriedUntil = began
	}
	summary.Elapsed = time.Since(start)
	return summary, err
}

// Activate replaces the old collection with the one of OpenRebuild. late counts the
// documents that were written to the old one meanwhile and could not be carried
// over.
func (a *App) Activate(ctx context.Context) (late corpus.Lag, err error) {
	g, err := a.generation.pin()
	if err != nil {
		return late, err
	}
	defer g.release()
	if _, several := a.driver.(store.Cataloguer); several {
		name := g.collection()
		if name == "" {
			return late, fmt.Errorf("%w: nothing was written to the new collection", corpus.ErrNotReady)
		}
		r, err := a.reindex(ctx)
		if err != nil {
			return late, err
		}
		defer r.Close()
		return r.ActivateBuilt(ctx, name, a.since())
	}
	s, able := g.opened.(store.Swapper)
	if !able {
		return late, fmt.Errorf("%w: the store %s can't be rebuilt", corpus.ErrUnsupported, a.config.Store.Name)
	}
	kept, err := s.Swap(ctx, a.keepReplaced)
	if kept != "" {
		a.log.LogAttrs(ctx, slog.LevelWarn, "documents are missing in the new collection; the old one is kept", slog.String("folder", kept))
	}
	return late, err
}

// since returns the time since which documents that were written to the old
// collection may be missing in the new one.
func (a *App) since() time.Time {
	if a.carriedUntil.IsZero() {
		return time.Now().Add(reindex.ClocksApart) // built from PATH: every document of the old one must be in it
	}
	return a.carriedUntil
}

// source opens the source of a rebuild.
func (a *App) source(ctx context.Context, g *generation, from string, salvage bool) (store.Store, error) {
	if from != "" {
		opens := stores.Folder(from).OpenHeld
		if salvage {
			opens = func(ctx context.Context) (store.Store, error) { return store.OpenDamaged(ctx, stores.Folder(from)) }
		}
		source, err := opens(ctx)
		if err != nil {
			return nil, fmt.Errorf("--from %s: %w", from, err)
		}
		return source, nil
	}
	if built, ok := g.opened.(store.Swapper); ok {
		before, err := built.Replaced(ctx, salvage)
		if errors.Is(err, corpus.ErrNotReady) {
			return nil, fmt.Errorf("nothing to rebuild from: %w", err)
		}
		return before, err
	}
	return a.driver.OpenHeld(ctx)
}
