// Package app opens everything that a configuration names and keeps the current
// generation. The commands and the end-to-end tests both build an [App]. Start with
// [Open].
package app

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"time"

	"dalil/access/rates"
	"dalil/corpus"
	"dalil/fair"
	"dalil/internal/config"
	"dalil/internal/observe"
	"dalil/internal/serving"
	"dalil/store"
)

// App is the complete service.
type App struct {
	config     config.Config
	driver     store.Driver // of the configured store
	log        *slog.Logger
	metrics    *observe.Metrics
	usage      *rates.Table // what callers use of their limits
	generation current
	reload     Reload // nil: the configuration does not change
	started    time.Time
	stopInside func()          // ends what Connect began; nil: Connect was not called
	turns      *fair.Turns     // limit the work of writes while questions are asked
	stopping   context.Context // ends when Serve must stop; nil: Serve does not run
	// carriedUntil is when Rebuild last read the source collection; zero: never.
	carriedUntil time.Time
	keepReplaced bool // Activate keeps the old collection, because documents are missing in the new one
}

// Open opens the store and the embedder that the configuration names. Its error
// wraps corpus.ErrModelMismatch if another pipeline built the store, and
// corpus.ErrLocked if another process has it open.
func Open(ctx context.Context, c config.Config, log *slog.Logger) (*App, error) {
	return openWith(ctx, c, log, store.Driver.Open)
}

// OpenReading opens like Open, for a command that only reads: the store changes
// nothing, creates no folder and refuses writes. The error is corpus.ErrNotReady if
// nothing has been indexed yet.
func OpenReading(ctx context.Context, c config.Config, log *slog.Logger) (*App, error) {
	return openWith(ctx, c, log, store.Driver.OpenReading)
}

// OpenDryRun opens like OpenReading, but treats a missing data folder, or one
// without a collection, as an empty index.
func OpenDryRun(ctx context.Context, c config.Config, log *slog.Logger) (*App, error) {
	return openWith(ctx, c, log, func(d store.Driver, ctx context.Context, p corpus.Pipeline) (store.Store, error) {
		s, err := d.OpenReading(ctx, p)
		if !errors.Is(err, corpus.ErrNotReady) {
			return s, err
		}
		return store.OpenScratch(ctx, d, p)
	})
}

// OpenRebuild opens an empty collection beside the current one, whatever pipeline
// built that. Activate replaces the old collection. If the app is closed before,
// the old collection stays as it was.
func OpenRebuild(ctx context.Context, c config.Config, log *slog.Logger) (*App, error) {
	return openRebuild(ctx, c, log, true)
}

// OpenNewRebuild opens like OpenRebuild, for documents from PATH: it never
// continues a collection of an earlier rebuild, which may have other documents.
func OpenNewRebuild(ctx context.Context, c config.Config, log *slog.Logger) (*App, error) {
	return openRebuild(ctx, c, log, false)
}

func openRebuild(ctx context.Context, c config.Config, log *slog.Logger, resume bool) (*App, error) {
	c.Quota = config.Quota{} // what is there stays, also beyond a quota
	a, err := openWith(ctx, c, log, func(d store.Driver, ctx context.Context, p corpus.Pipeline) (store.Store, error) {
		return d.Rebuild(ctx, p, resume)
	})
	if err != nil {
		return nil, err
	}
	if why := a.generation.g.suspended; why != nil {
		return nil, errors.Join(why, a.Close())
	}
	return a, nil
}

// OpenServed opens like Open, for a server: if the store does not answer, Serve
// opens it later. Until then the server is not ready, and reports why.
func OpenServed(ctx context.Context, c config.Config, log *slog.Logger, reload Reload) (*App, error) {
	a, err := newApp(c, log)
	if err != nil {
		return nil, err
	}
	a.reload = reload
	g, err := a.open(ctx, c, store.Driver.Open)
	switch {
	case mayComeBack(err) && store.IsRemote(a.driver):
		log.LogAttrs(ctx, slog.LevelError, "the store could not be opened; trying again", slog.String("error", err.Error()))
		a.generation.setError(err)
		return a, nil
	case err != nil:
		return nil, err
	}
	return a, a.generation.swap(g)
}

// mayComeBack reports whether a store that could not be opened may open later, for
// example after an operator has acted.
func mayComeBack(err error) bool {
	switch corpus.KindOf(err) {
	case corpus.ErrUnavailable, corpus.ErrDenied, corpus.ErrMissing:
		return true
	}
	return false
}

// opener opens the configured store. It is [store.Driver.Open] or a similar method.
type opener func(d store.Driver, ctx context.Context, p corpus.Pipeline) (store.Store, error)

func openWith(ctx context.Context, c config.Config, log *slog.Logger, open opener) (*App, error) {
	a, err := newApp(c, log)
	if err != nil {
		return nil, err
	}
	return a.opened(ctx, open)
}

func (a *App) opened(ctx context.Context, open opener) (*App, error) {
	g, err := a.open(ctx, a.config, open)
	if err != nil {
		return nil, err
	}
	return a, a.generation.swap(g)
}

// OpenScratch opens an app on a new, empty, temporary place of the configured
// store. remove closes the app and removes the place.
func OpenScratch(ctx context.Context, c config.Config, log *slog.Logger) (a *App, remove func() error, err error) {
	if a, err = newApp(c, log); err != nil {
		return nil, nil, err
	}
	place, removePlace, err := a.driver.Scratch()
	if err != nil {
		return nil, nil, err
	}
	a.driver = place
	a, err = a.opened(ctx, store.Driver.Open)
	if err != nil {
		return nil, nil, errors.Join(err, removePlace(context.WithoutCancel(ctx)))
	}
	return a, func() error { return errors.Join(a.Close(), removePlace(context.WithoutCancel(ctx))) }, nil
}

func newApp(c config.Config, log *slog.Logger) (*App, error) {
	d, err := Driver(c, log)
	if err != nil {
		return nil, err
	}
	m := observe.New(observe.ReadBuild())
	turns := fair.NewTurns(runtime.GOMAXPROCS(0) / 2)
	return &App{config: c, driver: d, log: log, started: time.Now(), metrics: m, usage: serving.NewUsage(c.Limits, m), turns: turns}, nil
}

// Log returns the app's logger.
func (a *App) Log() *slog.Logger { return a.log }

// Close closes the store and the connection of Connect. Serve must have returned.
func (a *App) Close() error {
	if a.stopInside != nil {
		a.stopInside()
	}
	return a.generation.swap(nil)
}
