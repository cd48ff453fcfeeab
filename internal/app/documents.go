package app

import (
	"context"

	"dalil/corpus"
	"dalil/documents"
	"dalil/indexer"
	"dalil/store"
)

// documents returns the calls about documents, on the generation that is current at each.
func (a *App) documents() *documents.Documents {
	return documents.New(lender{a}, a.metrics.Receipt)
}

// lender lends the current generation.
type lender struct{ *App }

func (l lender) Lend(do func(documents.Index) error) error {
	_, err := pinned(l.App, func(g *generation) (struct{}, error) {
		return struct{}{}, do(documents.Index{Store: g.store, Indexer: indexer.New(g.indexDeps, g.indexOptions)})
	})
	return err
}

func (l lender) Known(ctx context.Context, m corpus.Mark) (ours, active bool, err error) {
	return store.Standing(ctx, l.driver, m)
}
