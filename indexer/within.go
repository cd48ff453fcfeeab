package indexer

import (
	"context"
	"fmt"

	"dalil/store"
)

// within returns the documents that no quota refuses. The others fail before they are
// embedded. The store checks the quotas again when it writes.
func (w *writer) within(ctx context.Context, batch []*prepared) []*prepared {
	limiter := store.LimiterOf(w.deps.Store)
	if limiter == nil || len(batch) == 0 {
		return batch
	}
	entries := make([]store.Entry, len(batch))
	for i, p := range batch {
		entries[i] = store.Entry{Document: p.document, Points: make([]store.Point, len(p.chunks))}
		for j := range p.chunks {
			entries[i].Points[j].Chunk = p.chunks[j]
		}
	}
	over, err := limiter.Beyond(ctx, entries)
	if err != nil || len(over) == 0 { // if the store does not answer, Put returns the error
		return batch
	}
	kept := batch[:0]
	for _, p := range batch {
		if err := over[p.document.ID]; err != nil {
			w.failAll([]*prepared{p}, fmt.Errorf("put: %w", err))
			continue
		}
		kept = append(kept, p)
	}
	return kept
}
