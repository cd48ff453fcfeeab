package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"dalil/corpus"
	"dalil/reindex"
	"dalil/store"
)

// Collections lists the collections.
func (a *App) Collections(ctx context.Context) ([]corpus.Collection, error) {
	return reindexed(ctx, a, func(r *Reindex) ([]corpus.Collection, error) { return r.Collections(ctx) })
}

// Compare runs the same questions on the active collection and on another one, by
// default the next one.
func (a *App) Compare(ctx context.Context, name string, questions []string, sample int, progress func(corpus.Progress)) (corpus.Comparison, error) {
	return reindexed(ctx, a, func(r *Reindex) (c corpus.Comparison, err error) {
		if name, err = r.OrNext(ctx, name); err != nil {
			return c, err
		}
		r.Progress = progress
		return r.Compare(ctx, CompareRequest{Collection: name, Questions: reindex.Questions{Texts: questions, Sample: sample}})
	})
}

// ActivateCollection makes a collection the active one for all servers, by default
// the next one.
func (a *App) ActivateCollection(ctx context.Context, name string, force bool, progress func(corpus.Progress)) (string, corpus.Activation, error) {
	done, err := reindexed(ctx, a, func(r *Reindex) (done corpus.Activation, err error) {
		if name, err = r.OrNext(ctx, name); err != nil {
			return done, err
		}
		r.Progress = progress
		return r.Activate(ctx, name, force)
	})
	return name, done, err
}

// Rollback activates the previous collection.
func (a *App) Rollback(ctx context.Context) (string, int, error) {
	newer := 0
	active, err := reindexed(ctx, a, func(r *Reindex) (active string, err error) {
		active, newer, err = r.Rollback(ctx)
		return active, err
	})
	return active, newer, err
}

// Drop deletes a collection.
func (a *App) Drop(ctx context.Context, name string, grace time.Duration) error {
	_, err := reindexed(ctx, a, func(r *Reindex) (none struct{}, _ error) { return none, r.Drop(ctx, name, grace) })
	return err
}

// RebuildCollection builds a new collection beside the active one, with the
// configuration that it reads now, and activates it on request.
func (a *App) RebuildCollection(ctx context.Context, activate bool, progress func(corpus.Progress)) (built corpus.Rebuilt, err error) {
	c := a.config
	if a.reload != nil {
		fresh, err := a.reload()
		if err != nil {
			return built, fmt.Errorf("read the configuration again: %w", err)
		}
		c.Embedder, c.Index, c.Search = fresh.Embedder, fresh.Index, fresh.Search
	}
	total := 0
	if stats, err := a.Stats(ctx); err == nil {
		total = stats.Documents
	}
	progress(corpus.Progress{Step: "open a new collection", Total: total})
	b, err := OpenRebuild(ctx, c, a.log)
	if err != nil {
		return built, err
	}
	b.stopping = a.stopping
	b.generation.g.indexDeps.Turns = a.turns
	store.TakeTurns(b.generation.g.opened, a.turns)
	defer func() { err = errors.Join(err, b.Close()) }()
	done := 0
	summary, err := b.Rebuild(ctx, "", func(r corpus.Receipt) {
		done++
		progress(corpus.Progress{Step: "rebuild", Done: done, Total: max(total, done)})
		if r.Outcome == corpus.Failed {
			a.log.LogAttrs(ctx, slog.LevelError, "rebuild", slog.String("document", r.DocumentID), slog.String("error", r.Err.Error()))
		}
	})
	if err != nil {
		return built, err
	}
	_, built.Collection, _ = b.generation.state()
	built.Indexed, built.Unchanged, built.Failed, built.Deleted = summary.Indexed, summary.Unchanged, summary.Failed, summary.Deleted
	if !activate {
		return built, nil
	}
	progress(corpus.Progress{Step: "activate", Done: done, Total: total})
	built.Late, err = b.Activate(ctx)
	built.Activated = err == nil
	return built, err
}
