// Package reindex replaces one collection with another while both are in use: it
// carries documents over, counts missing ones, compares answers, activates, rolls
// back and drops collections. Start with [New]; [Carry] fills a new collection.
package reindex

import (
	"context"
	"log/slog"
	"time"

	"dalil/corpus"
	"dalil/store"
)

// Deps has what the steps need.
type Deps struct {
	Catalogue store.Catalogue
	Alias     string        // the name in messages
	Poll      time.Duration // how often a server checks which collection is active
	// OpenTarget opens the active collection for writing. An error means that this
	// process runs another pipeline, or that its model does not answer. Then late
	// writes are counted and not carried over.
	OpenTarget func(context.Context) (Target, func() error, error)
	Log        *slog.Logger
	// Stopping ends work that goes on after the caller has cancelled; nil: nothing ends it.
	Stopping context.Context
}

// Reindex has the steps that replace one collection with another while searches go
// on: list, compare, activate, roll back, drop.
type Reindex struct {
	// Progress is called with the progress of a step; nil: it is not reported.
	Progress func(corpus.Progress)

	deps      Deps
	log       *slog.Logger
	catalogue store.Catalogue
}

// New returns the steps. They own the catalogue of the deps: Close closes it.
func New(deps Deps) *Reindex {
	if deps.Stopping == nil {
		deps.Stopping = context.Background()
	}
	return &Reindex{deps: deps, log: deps.Log, catalogue: deps.Catalogue}
}

func (r *Reindex) report(p corpus.Progress) {
	if r.Progress != nil {
		r.Progress(p)
	}
}

// Close ends the connection.
func (r *Reindex) Close() error { return r.catalogue.Close() }

// Collections lists the collections, the newest first.
func (r *Reindex) Collections(ctx context.Context) ([]corpus.Collection, error) {
	return r.catalogue.List(ctx)
}

// Next returns the newest collection that was never active, which a rebuild created.
func (r *Reindex) Next(ctx context.Context) (string, error) {
	all, err := r.catalogue.List(ctx)
	if err != nil {
		return "", err
	}
	for _, one := range all {
		if !one.Active && one.ActivatedAt.IsZero() {
			return one.Name, nil
		}
	}
	return "", corpus.Refused("there is no new collection beside the active one; build one with \"dalil index --rebuild\"")
}

// OrNext returns name, or the next collection if name is "".
func (r *Reindex) OrNext(ctx context.Context, name string) (string, error) {
	if name != "" {
		return name, nil
	}
	return r.Next(ctx)
}

// Lag compares a collection with the active one. If none is active, the lag is zero.
func (r *Reindex) Lag(ctx context.Context, name string) (corpus.Lag, error) {
	active, err := r.catalogue.Active(ctx)
	if err != nil {
		return corpus.Lag{}, err
	}
	return r.lag(ctx, active, name, nil)
}

func (r *Reindex) lag(ctx context.Context, active, name string, counts func(source, target time.Time) bool) (corpus.Lag, error) {
	if active == "" || active == name {
		return corpus.Lag{}, nil
	}
	from, err := store.OpenNamed(ctx, r.catalogue, active)
	if err != nil {
		return corpus.Lag{}, err
	}
	defer from.Close()
	to, err := store.OpenNamed(ctx, r.catalogue, name)
	if err != nil {
		return corpus.Lag{}, err
	}
	defer to.Close()
	return lag(ctx, from, to, counts)
}

// Drop deletes a collection. It refuses one that is active, or was active or created within grace.
func (r *Reindex) Drop(ctx context.Context, name string, grace time.Duration) error {
	return r.catalogue.Drop(ctx, name, grace)
}
