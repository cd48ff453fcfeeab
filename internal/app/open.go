// Package app opens everything that a configuration names and holds the
// generation that answers. The commands and the end-to-end tests both build an
// [App]. Start with [Open].
package app

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"dalil/corpus"
	"dalil/indexer"
	"dalil/internal/config"
	"dalil/internal/observe"
	"dalil/store"
)

// App is the assembled service.
type App struct {
	config     config.Config
	driver     store.Driver // of the configured store
	log        *slog.Logger
	metrics    *observe.Metrics
	generation current
	reload     Reload // nil: the configuration stays
	started    time.Time
	stopInside func()          // of Connect; nil: it was not called
	turns      *indexer.Turns  // of what is written while searches are answered; nil: there is no server
	stopping   context.Context // done when Serve is to end; nil: it does not run
	// carriedUntil is when Rebuild last looked at the collection that it carried
	// from; zero: it did not.
	carriedUntil time.Time
	keepReplaced bool // Activate keeps what it replaces, because something is missing in the new collection
}

// Open opens the store and the embedder that the configuration names. Errors
// wrap corpus.ErrModelMismatch where the store was built by another pipeline
// and corpus.ErrLocked where another process holds it.
func Open(ctx context.Context, c config.Config, log *slog.Logger) (*App, error) {
	return openWith(ctx, c, log, store.Driver.Open)
}

// OpenReading is Open for a command that only reads: the store changes nothing,
// makes no folder and refuses writes. corpus.ErrNotReady where nothing was indexed
// yet.
func OpenReading(ctx context.Context, c config.Config, log *slog.Logger) (*App, error) {
	return openWith(ctx, c, log, store.Driver.OpenReading)
}

// OpenDryRun is OpenReading that takes a data folder without a collection, or
// none at all, for an empty one.
func OpenDryRun(ctx context.Context, c config.Config, log *slog.Logger) (*App, error) {
	return openWith(ctx, c, log, func(d store.Driver, ctx context.Context, p corpus.Pipeline) (store.Store, error) {
		s, err := d.OpenReading(ctx, p)
		if !errors.Is(err, corpus.ErrNotReady) {
			return s, err
		}
		return store.OpenScratch(ctx, d, p)
	})
}

// OpenRebuild opens an empty collection beside the one that the store holds,
// whatever pipeline built that. It takes the old one's place at Activate; an app
// that is closed before leaves the old one as it was.
func OpenRebuild(ctx context.Context, c config.Config, log *slog.Logger) (*App, error) {
	return openRebuild(ctx, c, log, true)
}

// OpenNewRebuild is OpenRebuild for documents that come from outside: it never goes
// on with a collection that an earlier rebuild left, which may hold others.
func OpenNewRebuild(ctx context.Context, c config.Config, log *slog.Logger) (*App, error) {
	return openRebuild(ctx, c, log, false)
}

func openRebuild(ctx context.Context, c config.Config, log *slog.Logger, resume bool) (*App, error) {
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

// OpenServed is Open for a server that stays: where the store does not answer
// yet, Serve opens it when it does, and says until then why it is not ready.
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

// mayComeBack reports whether a store that could not be opened may be opened later,
// when an operator has acted.
func mayComeBack(err error) bool {
	switch corpus.KindOf(err) {
	case corpus.ErrUnavailable, corpus.ErrDenied, corpus.ErrMissing:
		return true
	}
	return false
}

// opener is how the configured store is opened: [store.Driver.Open] or a call of
// its kind.
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

// OpenScratch opens an app on a new, empty place of the configured store. remove
// closes it and removes the place.
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
	return &App{
		config: c, driver: d, log: log, started: time.Now(),
		metrics: observe.New(observe.ReadBuild()),
	}, nil
}

// Log is where the app writes what an operator should know.
func (a *App) Log() *slog.Logger { return a.log }

// Close ends what Connect began and closes the store; end Serve first.
func (a *App) Close() error {
	if a.stopInside != nil {
		a.stopInside()
	}
	return a.generation.swap(nil)
}
