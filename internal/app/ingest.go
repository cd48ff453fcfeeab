package app

import (
	"context"

	"dalil/corpus"
	"dalil/indexer"
	"dalil/store"
)

// Ingest writes what arrives. A stream outlives generations: when another
// collection takes over, what has not begun yet goes there.
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
		deps := g.indexDeps
		deps.Turns = a.turns
		n, more, err = indexer.New(deps, g.indexOptions).RunUntil(ctx, g.superseded, raws, func(i int, r corpus.Receipt) {
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

// IndexAll writes the documents and fails where one of them does.
func (a *App) IndexAll(ctx context.Context, raws []corpus.Raw) error {
	g, err := a.generation.pin()
	if err != nil {
		return err
	}
	defer g.release()
	return indexer.New(g.indexDeps, g.indexOptions).RunAll(ctx, raws)
}

// warn logs what a receipt warns of. Neither the id nor the warnings hold text of
// the document.
func (a *App) warn(ctx context.Context, r corpus.Receipt) {
	for _, warning := range r.Warnings {
		a.log.WarnContext(ctx, "document read with a warning", "document_id", r.DocumentID, "warning", warning)
	}
}
