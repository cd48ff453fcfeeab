// Package reindex leads from one collection to the next while both are in use:
// it carries documents over, counts what is missing, compares answers, activates,
// goes back and drops. Start with [New]; [Carry] fills a new collection.
package reindex

import (
	"context"
	"log/slog"
	"time"

	"dalil/corpus"
	"dalil/store"
)

// Deps are what the steps work with.
type Deps struct {
	Catalogue store.Catalogue
	Alias     string        // as messages name it
	Poll      time.Duration // how often a server looks which collection is active
	// OpenTarget opens the active collection for writing. An error means that this
	// process runs another pipeline, or that its model does not answer: then what is
	// written late is counted and not carried.
	OpenTarget func(context.Context) (Target, func() error, error)
	Log        *slog.Logger
	// Stopping ends what continues after the caller has left; nil: nothing does.
	Stopping context.Context
}

// Reindex are the steps from one collection to the next without a gap: list what
// there is, compare, activate, go back, drop.
type Reindex struct {
	// Progress is called with how far a step is; nil: it is not reported.
	Progress func(corpus.Progress)

	deps      Deps
	log       *slog.Logger
	catalogue store.Catalogue
}

// New takes over the catalogue of the deps and closes it with Close.
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

// Collections lists what there is, the newest first.
func (r *Reindex) Collections(ctx context.Context) ([]corpus.Collection, error) {
	return r.catalogue.List(ctx)
}

// Next is the newest collection that was never active: what a rebuild made.
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

// OrNext returns name, or the next collection where that is "".
func (r *Reindex) OrNext(ctx context.Context, name string) (string, error) {
	if name != "" {
		return name, nil
	}
	return r.Next(ctx)
}

// Lag compares a collection with the active one; nothing where none is active.
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

// Drop removes a collection that is neither active nor younger than grace.
func (r *Reindex) Drop(ctx context.Context, name string, grace time.Duration) error {
	return r.catalogue.Drop(ctx, name, grace)
}
