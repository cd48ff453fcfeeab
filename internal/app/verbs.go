package app

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"time"

	"dalil/corpus"
	"dalil/indexer"
	"dalil/server"
	"dalil/store"
)

// What the server asks for. Every verb pins one generation.
var (
	_ server.Searcher  = (*App)(nil)
	_ server.Ingester  = (*App)(nil)
	_ server.Documents = (*App)(nil)
	_ server.Admin     = (*App)(nil)
)

// Search answers a question.
func (a *App) Search(ctx context.Context, q corpus.Query) (corpus.Answer, error) {
	answer, err := a.generation.Load().searcher.Search(ctx, q)
	if err == nil {
		a.metrics.Answer(answer)
	}
	return answer, err
}

// Passages reads passages by id.
func (a *App) Passages(ctx context.Context, ids []corpus.ChunkID, neighbours int) ([]corpus.Passage, error) {
	return a.generation.Load().searcher.Passages(ctx, ids, neighbours)
}

// Ingest writes what arrives.
func (a *App) Ingest(ctx context.Context, raws <-chan corpus.Raw, report func(int, corpus.Receipt)) error {
	g := a.generation.Load()
	return indexer.New(g.indexDeps, g.indexOptions).Run(ctx, raws, func(i int, r corpus.Receipt) {
		a.metrics.Receipt(r)
		report(i, r)
	})
}

// Document reads one document; its chunks concatenate to its text.
func (a *App) Document(ctx context.Context, id string, withText bool) (corpus.DocumentInfo, error) {
	s := a.generation.Load().store
	for {
		info, err := s.Document(ctx, id)
		if err != nil {
			return corpus.DocumentInfo{}, err
		}
		held := documentInfo(info)
		if !withText {
			return held, nil
		}
		ids := make([]corpus.ChunkID, info.Chunks)
		for i := range ids {
			ids[i] = corpus.NewChunkID(id, info.Revision, i)
		}
		points, err := s.Chunks(ctx, ids, store.WithText)
		if err != nil {
			return corpus.DocumentInfo{}, err
		}
		if len(points) == len(ids) {
			var text strings.Builder
			for _, p := range points {
				text.WriteString(p.Chunk.Text)
			}
			held.Document.Text = text.String()
			return held, nil
		}
		// It was replaced between the two reads: read the new one.
		if err := ctx.Err(); err != nil {
			return corpus.DocumentInfo{}, err
		}
	}
}

func documentInfo(info store.DocumentInfo) corpus.DocumentInfo {
	return corpus.DocumentInfo{Document: info.Document, Revision: info.Revision, Chunks: info.Chunks, UpdatedAt: info.UpdatedAt}
}

// Documents lists by rising id.
func (a *App) Documents(ctx context.Context, after string, limit int) ([]corpus.DocumentInfo, error) {
	page, err := a.generation.Load().store.Documents(ctx, after, limit)
	if err != nil {
		return nil, err
	}
	infos := make([]corpus.DocumentInfo, len(page))
	for i, info := range page {
		infos[i] = documentInfo(info)
	}
	return infos, nil
}

// Delete removes documents.
func (a *App) Delete(ctx context.Context, ids []string) error {
	if err := a.generation.Load().store.Delete(ctx, ids); err != nil {
		return err
	}
	for _, id := range ids {
		a.metrics.Receipt(corpus.Receipt{DocumentID: id, Outcome: corpus.Deleted})
	}
	return nil
}

// Info tells what runs.
func (a *App) Info() corpus.Info {
	g := a.generation.Load()
	b := ReadBuild()
	return corpus.Info{
		Version: b.Version, Commit: b.Commit, GoVersion: runtime.Version(), Store: a.config.Store.Name, Embedder: a.config.Embedder.Name,
		Pipeline: g.pipeline, Collection: g.pipeline.Fingerprint(), MaxTokens: g.embedder.Model().MaxTokens,
		StartedAt: a.started, Arms: []corpus.Arm{corpus.Dense, corpus.Lexical},
	}
}

// Stats counts what is held.
func (a *App) Stats(ctx context.Context) (corpus.Stats, error) {
	return a.generation.Load().store.Stats(ctx)
}

// readyWithin bounds the asking; a store that takes longer is not ready.
const readyWithin = 2 * time.Second

// Ready returns nil when questions can be answered, else the reason.
func (a *App) Ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	g := a.generation.Load()
	if g == nil {
		return fmt.Errorf("%w: the store is closed", corpus.ErrUnavailable)
	}
	return g.store.Ready(ctx)
}
