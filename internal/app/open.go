// Package app assembles the house: two literal tables name the fillers of the
// contracts, and [App] is what the commands and the end-to-end tests both
// build. Start with [Open].
package app

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/embedder/hash"
	"dalil/internal/config"
	"dalil/internal/observe"
	"dalil/store"
)

// embedders are all providers there are.
var embedders = map[string]func(config.Config) (embedder.Embedder, error){
	"static": openStatic,
	"openai": openOpenAI,
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
	generation atomic.Pointer[generation]
	started    time.Time
	opened     store.Store // as the adapter gave it
	stopInside func()      // of Connect; nil: it was not called
}

// Open opens the store and the embedder that the configuration names. Errors
// wrap corpus.ErrModelMismatch where the store was built by another pipeline
// and corpus.ErrLocked where another process holds it.
func Open(ctx context.Context, c config.Config, log *slog.Logger) (*App, error) {
	return openWith(ctx, c, log, stores)
}

// OpenRebuild opens an empty collection beside the one that the store holds,
// whatever pipeline built that. It takes the old one's place at Activate; an app
// that is closed before leaves the old one as it was.
func OpenRebuild(ctx context.Context, c config.Config, log *slog.Logger) (*App, error) {
	return openWith(ctx, c, log, rebuilders)
}

// Activate lets the collection that OpenRebuild began take the old one's place.
func (a *App) Activate() error {
	s, ok := a.opened.(interface{ Activate() error })
	if !ok {
		return fmt.Errorf("%w: the store %s can't be rebuilt", corpus.ErrUnsupported, a.config.Store.Name)
	}
	return s.Activate()
}

func openWith(ctx context.Context, c config.Config, log *slog.Logger, stores map[string]storeOpener) (*App, error) {
	a := &App{config: c, log: log, started: time.Now()}
	b := ReadBuild()
	a.metrics = observe.New(observe.Build{Version: b.Version, Commit: b.Commit, GoVersion: b.GoVersion})
	g, err := a.open(ctx, stores)
	if err != nil {
		return nil, err
	}
	a.generation.Store(g)
	return a, nil
}

// Log is where the app writes what an operator should know.
func (a *App) Log() *slog.Logger { return a.log }

// Close ends what Connect began and closes the store; end Serve first.
func (a *App) Close() error {
	if a.stopInside != nil {
		a.stopInside()
	}
	if g := a.generation.Swap(nil); g != nil {
		return g.store.Close()
	}
	return nil
}
