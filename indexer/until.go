package indexer

import (
	"context"
	"fmt"
	"sync"

	"dalil/corpus"
)

// RunUntil runs like [Indexer.Run], but accepts no more documents after stop is
// closed. It returns how many documents it accepted and whether there may be more.
func (x *Indexer) RunUntil(ctx context.Context, stop <-chan struct{}, raws <-chan corpus.Raw, report Report) (n int, more bool, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	part := make(chan corpus.Raw)
	var feeding sync.WaitGroup
	feeding.Go(func() {
		defer close(part)
		for {
			select {
			case raw, ok := <-raws:
				if !ok || !send(ctx, part, raw) {
					return
				}
				n++
			case <-stop:
				more = true
				return
			case <-ctx.Done():
				return
			}
		}
	})
	err = x.Run(ctx, part, report)
	cancel()
	feeding.Wait()
	return n, more, err
}

// RunAll writes the documents. It fails if one of them fails.
func (x *Indexer) RunAll(ctx context.Context, raws []corpus.Raw) error {
	ctx, cancel := context.WithCancel(ctx)
	in := make(chan corpus.Raw)
	var feeding sync.WaitGroup
	feeding.Go(func() {
		defer close(in)
		for _, raw := range raws {
			if !send(ctx, in, raw) {
				return
			}
		}
	})
	defer feeding.Wait()
	defer cancel()
	var failed error
	err := x.Run(ctx, in, func(_ int, r corpus.Receipt) {
		if r.Outcome == corpus.Failed {
			failed = fmt.Errorf("%s: %w", r.DocumentID, r.Err)
		}
	})
	if err == nil {
		err = failed
	}
	return err
}
