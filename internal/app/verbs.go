package app

import (
	"context"
	"runtime"
	"time"

	"dalil/corpus"
	"dalil/internal/observe"
	"dalil/server"
	"dalil/store"
)

// This file has the methods that the server calls. Each one pins one generation.
var (
	_ server.Searcher = (*App)(nil)
	_ server.Contexts = (*App)(nil)
	_ server.Ingester = (*App)(nil)
	_ server.Admin    = (*App)(nil)

	_ server.Collections = (*App)(nil)
)

// answered is pinned for questions: the work of writes takes turns from now on.
func answered[T any](a *App, do func(*generation) (T, error)) (T, error) {
	a.turns.Ask()
	return pinned(a, do)
}

// Search answers a question.
func (a *App) Search(ctx context.Context, q corpus.Query) (corpus.Answer, error) {
	if err := a.documents().Wait(ctx, q.Since); err != nil {
		return corpus.Answer{}, err
	}
	return answered(a, func(g *generation) (corpus.Answer, error) {
		mark := store.MarkOf(g.opened)
		answer, err := g.searcher.Search(ctx, q)
		answer.Mark = mark
		if err == nil {
			a.metrics.Answer(answer)
		}
		return answer, err
	})
}

// SearchAll answers several questions.
func (a *App) SearchAll(ctx context.Context, queries []corpus.Query, report func(int, corpus.Answer, error)) error {
	return a.documents().InTurn(ctx, queries, a.metrics.Batch(ctx, report), func(some []corpus.Query, report func(int, corpus.Answer, error)) error {
		_, err := answered(a, func(g *generation) (none struct{}, _ error) {
			mark := store.MarkOf(g.opened)
			g.searcher.SearchAll(ctx, some, func(i int, answer corpus.Answer, err error) {
				answer.Mark = mark
				report(i, answer, err)
			})
			return none, nil
		})
		return err
	})
}

// Similar finds passages like a document, a passage or a text.
func (a *App) Similar(ctx context.Context, q corpus.SimilarQuery) (corpus.Answer, error) {
	return answered(a, func(g *generation) (corpus.Answer, error) { return g.searcher.Similar(ctx, q) })
}

// Explain says where a document is in the answer to a question.
func (a *App) Explain(ctx context.Context, q corpus.Query, id string) (corpus.Explained, error) {
	return pinned(a, func(g *generation) (corpus.Explained, error) { return g.searcher.Explain(ctx, q, id) })
}

// BuildContext returns the context for a question.
func (a *App) BuildContext(ctx context.Context, q corpus.ContextQuery) (corpus.ContextAnswer, error) {
	return answered(a, func(g *generation) (corpus.ContextAnswer, error) {
		answer, err := g.contexts.Build(ctx, q)
		if err == nil {
			a.metrics.Context(answer)
		}
		return answer, err
	})
}

// Passages reads passages by id.
func (a *App) Passages(ctx context.Context, ids []corpus.ChunkID, neighbours int, view corpus.View) ([]corpus.Passage, error) {
	return pinned(a, func(g *generation) ([]corpus.Passage, error) { return g.searcher.Passages(ctx, ids, neighbours, view) })
}

// lend gives work on all tenants the collection that is active.
func (a *App) lend(do func(store.Store) error) error {
	g, err := a.generation.pin()
	if err != nil {
		return err
	}
	defer g.release()
	return do(g.shared)
}

// Info describes the program and, if a store is open, the pipeline.
func (a *App) Info() corpus.Info {
	b := observe.ReadBuild()
	info := corpus.Info{
		Version: b.Version, Commit: b.Commit, GoVersion: runtime.Version(), Store: a.config.Store.Name, Embedder: a.config.Embedder.Name,
		StartedAt: a.started, Arms: []corpus.Arm{corpus.Dense, corpus.Lexical},
	}
	if g, err := a.generation.pin(); err == nil {
		defer g.release()
		if approximate, ok := g.opened.(store.Approximator); ok {
			how := approximate.Approximate()
			info.Approximate = &how
		}
		info.Pipeline, info.Collection, info.MaxTokens = g.pipeline, g.collection(), g.embedder.Model().MaxTokens
	}
	return info
}

// Stats returns the counts of the index.
func (a *App) Stats(ctx context.Context) (corpus.Stats, error) {
	return pinned(a, func(g *generation) (corpus.Stats, error) { return g.store.Stats(ctx) })
}

// readyWithin is the timeout of the check; a store that takes longer is not ready.
const readyWithin = 2 * time.Second

// Ready returns nil if questions can be answered, otherwise the reason.
func (a *App) Ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	if _, _, why := a.generation.state(); why != nil {
		return why
	}
	g, err := a.generation.pin()
	if err != nil {
		return err
	}
	defer g.release()
	if changed := g.changed.Load(); changed != nil {
		return *changed
	}
	return g.store.Ready(ctx)
}
