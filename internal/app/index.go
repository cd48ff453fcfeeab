package app

import (
	"context"

	"dalil/corpus"
	"dalil/indexer"
	"dalil/store"
)

// Index reads the paths and writes their documents. It calls progress with every receipt.
func (a *App) Index(ctx context.Context, request indexer.Request, progress func(corpus.Receipt)) (indexer.Summary, error) {
	g, err := a.generation.pin()
	if err != nil {
		return indexer.Summary{}, err
	}
	defer g.release()
	if err := a.mayWrite(ctx, g, store.Putting); err != nil {
		return indexer.Summary{}, err
	}
	return indexer.Index(ctx, g.indexDeps, g.indexOptions, request, func(r corpus.Receipt) {
		a.metrics.Receipt(ctx, r)
		progress(r)
	})
}
