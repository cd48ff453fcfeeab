package app

import (
	"context"
	"fmt"

	"dalil/corpus"
	"dalil/indexer"
)

// Ingest writes what arrives. A stream outlives generations: when another
// collection takes over, what has not begun yet goes there.
func (a *App) Ingest(ctx context.Context, raws <-chan corpus.Raw, report func(int, corpus.Receipt)) error {
	for begun, more := 0, true; more; {
		g, err := a.generation.pin()
		if err != nil {
			return err
		}
		if err := a.mayWrite(ctx, g, putting); err != nil {
			g.release()
			return err
		}
		var n int
		n, more, err = g.ingest(ctx, a.turns, raws, func(i int, r corpus.Receipt) {
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

// ingest writes until raws ends or the generation is superseded. It returns how
// many it took and whether more may come.
func (g *generation) ingest(ctx context.Context, turns *indexer.Turns, raws <-chan corpus.Raw, report indexer.Report) (n int, more bool, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	part := make(chan corpus.Raw)
	fed := make(chan struct{})
	go func() {
		defer close(fed)
		defer close(part)
		for {
			select {
			case raw, ok := <-raws:
				if !ok || !send(ctx, part, raw) {
					return
				}
				n++
			case <-g.superseded:
				more = true
				return
			case <-ctx.Done():
				return
			}
		}
	}()
	deps := g.indexDeps
	deps.Turns = turns
	err = indexer.New(deps, g.indexOptions).Run(ctx, part, report)
	cancel()
	<-fed
	return n, more, err
}

// IndexAll writes the documents and fails where one of them does.
func (a *App) IndexAll(ctx context.Context, raws []corpus.Raw) error {
	g, err := a.generation.pin()
	if err != nil {
		return err
	}
	defer g.release()
	in := make(chan corpus.Raw)
	go func() {
		defer close(in)
		for _, raw := range raws {
			if !send(ctx, in, raw) {
				return
			}
		}
	}()
	var failed error
	err = indexer.New(g.indexDeps, g.indexOptions).Run(ctx, in, func(_ int, r corpus.Receipt) {
		if r.Outcome == corpus.Failed {
			failed = fmt.Errorf("%s: %w", r.DocumentID, r.Err)
		}
	})
	if err == nil {
		err = failed
	}
	return err
}

// warn logs what a receipt warns of. Neither the id nor the warnings hold text of
// the document.
func (a *App) warn(ctx context.Context, r corpus.Receipt) {
	for _, warning := range r.Warnings {
		a.log.WarnContext(ctx, "document read with a warning", "document_id", r.DocumentID, "warning", warning)
	}
}

func send[T any](ctx context.Context, to chan<- T, v T) bool {
	select {
	case to <- v:
		return true
	case <-ctx.Done():
		return false
	}
}
