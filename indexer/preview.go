package indexer

import (
	"context"
	"errors"
	"fmt"

	"dalil/corpus"
	"dalil/embedder"
)

// Preview returns what a write of the document would put into the index: passages
// [first, first+limit) with their words. Nothing is embedded or written. Its errors
// are those that the document's receipt would have.
func (x *Indexer) Preview(ctx context.Context, raw corpus.Raw, first, limit int) (corpus.Preview, error) {
	p := x.prepare(ctx, 0, raw)
	if p.err != nil {
		return corpus.Preview{}, p.err
	}
	outcome, err := x.outcome(ctx, p)
	if err != nil {
		return corpus.Preview{}, err
	}
	preview := corpus.Preview{Document: p.document, Revision: p.revision, Outcome: outcome, Warnings: p.warnings}
	preview.Document.ETag = p.etag(corpus.Indexed)
	preview.Total = len(p.chunks)
	counter := embedder.TokenCounter(x.deps.Embedder)
	firstID := passageID(ctx, p)
	for i := min(first, len(p.chunks)); i < min(first+limit, len(p.chunks)); i++ {
		one := corpus.PreviewPassage{Chunk: p.chunks[i], Embedded: p.embedded(i, x.options.Title)}
		one.Chunk.ID = firstID.At(i)
		if counter != nil {
			n := counter.Tokens(one.Embedded)
			one.Tokens = &n
		}
		for _, t := range x.deps.Analyzer.Words(one.Chunk.Text) {
			one.Words = append(one.Words, corpus.PreviewWord{Word: t.Word, Term: t.Stem, Span: t.Span, Stop: t.Stop})
		}
		preview.Passages = append(preview.Passages, one)
	}
	return preview, nil
}

// passageID returns the id of the first passage in the store, which depends on the tenant
// of the caller.
func passageID(ctx context.Context, p *prepared) corpus.ChunkID {
	caller, _ := corpus.PrincipalOf(ctx)
	return corpus.NewChunkID(corpus.TenantKey(caller.Tenant, p.document.ID), p.revision, 0)
}

// outcome returns what a write of the document without its condition would do.
func (x *Indexer) outcome(ctx context.Context, p *prepared) (corpus.Outcome, error) {
	ids := []string{p.document.ID}
	held, err := x.deps.Store.Fingerprints(ctx, ids)
	if err != nil {
		return 0, fmt.Errorf("read fingerprints: %w", err)
	}
	if p.document.SourceVersion != nil {
		versions, err := x.deps.Store.Versions(ctx, ids)
		if err != nil {
			return 0, fmt.Errorf("read source versions: %w", err)
		}
		if version, versioned := versions[p.document.ID]; versioned {
			if err := corpus.CheckVersion(p.document.ID, p.document.SourceVersion, &version); errors.Is(err, corpus.ErrStale) {
				return corpus.Stale, nil
			}
		}
	}
	if held[p.document.ID] == p.fingerprint {
		return corpus.Unchanged, nil
	}
	return corpus.Indexed, nil
}
