package app

import (
	"context"

	"dalil/corpus"
	"dalil/indexer"
	"dalil/store"
)

// Ingest writes the documents that arrive. A stream may outlive a generation: when
// another collection becomes active, documents that have not been started are
// written to that one.
func (a *App) Ingest(ctx context.Context, raws <-chan corpus.Raw, report func(int, corpus.Receipt)) error {
	for begun, more := 0, true; more; {
		g, err := a.generation.pin()
		if err != nil {
			return err
		}
		if err := a.mayWrite(ctx, g, store.Putting); err != nil {
			g.release()
			return err
		}
		var n int
		n, more, err = indexer.New(g.indexDeps, g.indexOptions).RunUntil(ctx, g.superseded, raws, func(i int, r corpus.Receipt) {
			r.Mark = store.MarkOf(g.opened)
			a.metrics.Receipt(ctx, r)
			a.warn(ctx, r)
			report(begun+i, r)
		})
		g.release()
		if err != nil {
			return err
		}
		begun += n
	}
	return nil
}

// Preview returns what a write of the document would put into the index.
func (a *App) Preview(ctx context.Context, raw corpus.Raw, first, limit int) (corpus.Preview, error) {
	return pinned(a, func(g *generation) (corpus.Preview, error) {
		return indexer.New(g.indexDeps, g.indexOptions).Preview(ctx, raw, first, limit)
	})
}

// IndexAll writes the documents. It fails if one of them fails.
func (a *App) IndexAll(ctx context.Context, raws []corpus.Raw) error {
	g, err := a.generation.pin()
	if err != nil {
		return err
	}
	defer g.release()
	return indexer.New(g.indexDeps, g.indexOptions).RunAll(ctx, raws)
}

// warn logs the warnings of a receipt. Neither the id nor a warning contains text
// of the document.
func (a *App) warn(ctx context.Context, r corpus.Receipt) {
	for _, warning := range r.Warnings {
		a.log.WarnContext(ctx, "document read with a warning", "document_id", r.DocumentID, "warning", warning)
	}
}
