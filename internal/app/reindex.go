package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"dalil/corpus"
	"dalil/evaluation"
	"dalil/indexer"
	"dalil/internal/config"
	"dalil/reindex"
	"dalil/store"
)

// Reindex has the steps that replace one collection with another, with the
// configured pipeline.
type Reindex struct {
	*reindex.Reindex
	app       *App // has no open store of its own
	catalogue store.Catalogue
}

// OpenReindex connects to the store's catalogue of collections. It returns
// corpus.ErrUnsupported for a store with one collection, which a rebuild replaces.
func OpenReindex(ctx context.Context, c config.Config, log *slog.Logger) (*Reindex, error) {
	a, err := newApp(c, log)
	if err != nil {
		return nil, err
	}
	return a.reindex(ctx)
}

// reindex connects to the catalogue for the server. It connects for each step, because steps are
// rare.
func (a *App) reindex(ctx context.Context) (*Reindex, error) {
	catalogue, err := a.openCatalogue(ctx)
	if err != nil {
		return nil, err
	}
	return &Reindex{reindex.New(reindex.Deps{
		Catalogue: catalogue, Alias: a.config.Store.Collection, Poll: a.config.Store.Poll,
		OpenTarget: a.openTarget, Log: a.log, Stopping: a.stopping,
	}), a, catalogue}, nil
}

// reindexed calls do with the catalogue, and closes it.
func reindexed[T any](ctx context.Context, a *App, do func(*Reindex) (T, error)) (T, error) {
	r, err := a.reindex(ctx)
	if err != nil {
		var none T
		return none, err
	}
	defer r.Close()
	return do(r)
}

// Reindexable returns corpus.ErrUnsupported if the store keeps only one collection.
func (a *App) Reindexable() error {
	if _, able := a.driver.(store.Cataloguer); !able {
		return fmt.Errorf("%w: store %s keeps one collection; \"dalil index --rebuild\" replaces it, and there is nothing to activate or to roll back", corpus.ErrUnsupported, a.config.Store.Name)
	}
	return nil
}

func (a *App) openCatalogue(ctx context.Context) (store.Catalogue, error) {
	if err := a.Reindexable(); err != nil {
		return nil, err
	}
	return a.driver.(store.Cataloguer).OpenCatalogue(ctx)
}

// openTarget opens the active collection again, with the configured pipeline.
func (a *App) openTarget(ctx context.Context) (reindex.Target, func() error, error) {
	c := a.config
	c.Quota = config.Quota{} // as openRebuild does
	b, err := Open(ctx, c, a.log)
	if err != nil {
		return reindex.Target{}, nil, err
	}
	g := b.generation.g
	if g.suspended != nil {
		return reindex.Target{}, nil, errors.Join(g.suspended, b.Close())
	}
	return b.target(g), b.Close, nil
}

// target is a generation to which documents are carried.
func (a *App) target(g *generation) reindex.Target {
	return reindex.Target{
		Store:   g.shared,
		Deleted: func(ctx context.Context) (map[string]time.Time, error) { return store.Deletions(ctx, g.opened) },
		Index: func(ctx context.Context, s store.Store, raws <-chan corpus.Raw, report func(corpus.Receipt)) error {
			deps, options := g.indexDeps, g.indexOptions
			deps.Store, options.Force, options.Keys = s, true, true
			return indexer.New(deps, options).Run(ctx, raws, func(_ int, r corpus.Receipt) { report(r) })
		},
	}
}

// CompareRequest names the collections and the questions of a comparison.
type CompareRequest struct {
	Collection string // the other collection
	reindex.Questions
	Before *config.Config // configuration of the active collection's pipeline; nil: that of the other one
}

// Compare runs the same questions on the active collection and on another one.
func (r *Reindex) Compare(ctx context.Context, request CompareRequest) (c corpus.Comparison, err error) {
	active, err := r.catalogue.Active(ctx)
	if err != nil {
		return c, err
	}
	if active == "" {
		return c, fmt.Errorf("%w: no collection is active, so there is nothing to compare with", corpus.ErrNotReady)
	}
	old := r.app.config
	if request.Before != nil {
		old = *request.Before
	}
	before, closeBefore, err := openSide(ctx, old, r.app.log, active)
	if err != nil {
		if errors.Is(err, corpus.ErrModelMismatch) && request.Before == nil {
			err = fmt.Errorf("%w; use --before to name the configuration that %s was built with", err, active)
		}
		return c, err
	}
	defer closeBefore()
	after, closeAfter, err := openSide(ctx, r.app.config, r.app.log, request.Collection)
	if err != nil {
		return c, err
	}
	defer closeAfter()
	return r.Reindex.Compare(ctx, before, after, request.Questions)
}

// openSide opens an app on one collection by its name.
func openSide(ctx context.Context, c config.Config, log *slog.Logger, name string) (reindex.Side, func() error, error) {
	a, err := newApp(c, log)
	if err != nil {
		return reindex.Side{}, nil, err
	}
	a, err = a.opened(ctx, func(_ store.Driver, ctx context.Context, p corpus.Pipeline) (store.Store, error) {
		catalogue, err := a.openCatalogue(ctx)
		if err != nil {
			return nil, err
		}
		defer catalogue.Close()
		return catalogue.Open(ctx, name, p)
	})
	if err != nil {
		return reindex.Side{}, nil, err
	}
	return reindex.Side{Name: name, Store: a.generation.g.store, Rank: evaluation.EndToEnd(a, corpus.Query{}, new(int))}, a.Close, nil
}
