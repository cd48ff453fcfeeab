// Package app assembles the house: two literal tables name the fillers of the
// contracts, and [App] is what the commands and the end-to-end tests both
// build. Start with [Open].
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/embedder/hash"
	"dalil/indexer"
	"dalil/internal/config"
	"dalil/internal/observe"
)

// embedders are all providers there are.
var embedders = map[string]func(config.Config) (embedder.Embedder, error){
	"static": openStatic,
	"openai": openOpenAI,
	"tei":    openTEI,
	"ollama": openOllama,
	"cohere": openCohere,
	"hash":   func(config.Config) (embedder.Embedder, error) { return hash.New(hash.Options{}), nil },
}

// pick finds a row of a table; the error lists the names.
func pick[T any](key, name string, table map[string]T) (T, error) {
	row, ok := table[name]
	if !ok {
		return row, fmt.Errorf("%s: there is no %q; there are %s", key, name, strings.Join(slices.Sorted(maps.Keys(table)), ", "))
	}
	return row, nil
}

// App is the assembled service.
type App struct {
	config     config.Config
	log        *slog.Logger
	metrics    *observe.Metrics
	generation current
	reload     Reload // nil: the configuration stays
	started    time.Time
	stopInside func()          // of Connect; nil: it was not called
	turns      *indexer.Turns  // of what is written while searches are answered; nil: there is no server
	stopping   <-chan struct{} // closed when Serve is to end; nil: it does not run
	// carriedUntil is when Rebuild last looked at the collection that it carried
	// from; zero: it did not.
	carriedUntil time.Time
	keepReplaced bool // Activate keeps what it replaces, because something is missing in the new collection
}

// Open opens the store and the embedder that the configuration names. Errors
// wrap corpus.ErrModelMismatch where the store was built by another pipeline
// and corpus.ErrLocked where another process holds it.
func Open(ctx context.Context, c config.Config, log *slog.Logger) (*App, error) {
	return openWith(ctx, c, log, stores)
}

// OpenReading is Open for a command that only reads: the store changes nothing,
// makes no folder and refuses writes. corpus.ErrNotReady where nothing was indexed
// yet.
func OpenReading(ctx context.Context, c config.Config, log *slog.Logger) (*App, error) {
	return openWith(ctx, c, log, readers)
}

// OpenDryRun is OpenReading that takes a data folder without a collection, or
// none at all, for an empty one.
func OpenDryRun(ctx context.Context, c config.Config, log *slog.Logger) (*App, error) {
	return openWith(ctx, c, log, dryReaders)
}

// OpenRebuild opens an empty collection beside the one that the store holds,
// whatever pipeline built that. It takes the old one's place at Activate; an app
// that is closed before leaves the old one as it was.
func OpenRebuild(ctx context.Context, c config.Config, log *slog.Logger) (*App, error) {
	return openRebuild(ctx, c, log, rebuilders)
}

// OpenNewRebuild is OpenRebuild for documents that come from outside: it never goes
// on with a collection that an earlier rebuild left, which may hold others.
func OpenNewRebuild(ctx context.Context, c config.Config, log *slog.Logger) (*App, error) {
	return openRebuild(ctx, c, log, newRebuilders)
}

func openRebuild(ctx context.Context, c config.Config, log *slog.Logger, stores map[string]storeOpener) (*App, error) {
	a, err := openWith(ctx, c, log, stores)
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
	a := newApp(c, log)
	a.reload = reload
	g, err := a.open(ctx, c, stores)
	switch {
	case mayComeBack(err) && c.Store.Name == "qdrant":
		log.LogAttrs(ctx, slog.LevelError, "open the store; it is tried again", slog.String("error", err.Error()))
		a.generation.trouble(err)
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

func openWith(ctx context.Context, c config.Config, log *slog.Logger, stores map[string]storeOpener) (*App, error) {
	a := newApp(c, log)
	g, err := a.open(ctx, c, stores)
	if err != nil {
		return nil, err
	}
	return a, a.generation.swap(g)
}

func newApp(c config.Config, log *slog.Logger) *App {
	b := ReadBuild()
	return &App{
		config: c, log: log, started: time.Now(),
		metrics: observe.New(observe.Build{Version: b.Version, Commit: b.Commit, GoVersion: b.GoVersion}),
	}
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
