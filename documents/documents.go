// Package documents is the path of calls about documents that embed nothing: it reads,
// lists, updates and deletes documents, and waits for writes. Start with [New].
package documents

import (
	"context"
	"errors"

	"dalil/corpus"
	"dalil/indexer"
	"dalil/store"
)

// Index is the collection that is active, for the time of one call.
type Index struct {
	Store   store.Store      // behind the gate
	Indexer *indexer.Indexer // writes to Store
}

// Lender lends the active collection.
type Lender interface {
	// Lend calls do with the collection that is active, and keeps it open until do returns.
	Lend(do func(Index) error) error
	// Known says what the server knows about the collection of a mark that is not the active
	// one: whether it is one of this index, and whether it is the active one, which the server
	// has not opened yet.
	Known(ctx context.Context, m corpus.Mark) (ours, active bool, err error)
}

// Documents answers calls about documents. It is safe for concurrent use.
type Documents struct {
	lender  Lender
	receipt func(context.Context, corpus.Receipt)
}

// New returns Documents on the index that lender lends. It calls receipt with the receipt of
// every document that it writes or deletes.
func New(lender Lender, receipt func(context.Context, corpus.Receipt)) *Documents {
	return &Documents{lender, receipt}
}

// lent calls do with the active collection and returns its result.
func lent[T any](d *Documents, do func(Index) (T, error)) (result T, err error) {
	err = d.lender.Lend(func(x Index) (err error) {
		result, err = do(x)
		return err
	})
	return result, err
}

// Document reads one document; its passages, in order, are its text.
func (d *Documents) Document(ctx context.Context, id string, withText bool) (corpus.DocumentInfo, error) {
	info, err := lent(d, func(x Index) (corpus.DocumentInfo, error) { return store.ReadDocument(ctx, x.Store, id, withText) })
	if err == nil && info.Expired {
		return corpus.DocumentInfo{}, corpus.Errorf(corpus.ErrNotFound, "document %q has expired", id)
	}
	return info, err
}

// Parts reads the passages [from, to) of a document as it was described, in order. Those
// that are no longer there are left out.
func (d *Documents) Parts(ctx context.Context, info corpus.DocumentInfo, from, to int) ([]corpus.Chunk, error) {
	ids := make([]corpus.ChunkID, 0, to-from)
	for i := from; i < to; i++ {
		ids = append(ids, info.First.At(i))
	}
	points, err := lent(d, func(x Index) ([]store.Point, error) { return x.Store.Chunks(ctx, ids, store.WithText|store.WithHidden) })
	chunks := make([]corpus.Chunk, len(points))
	for i, p := range points {
		chunks[i] = p.Chunk
	}
	return chunks, err
}

// Delete deletes a document if its condition holds. Deleting a document that does not exist
// succeeds, unless the condition says that it must. If the index has a newer source version,
// the outcome of the receipt is Stale.
func (d *Documents) Delete(ctx context.Context, deletion corpus.Deletion) (corpus.Receipt, error) {
	r := corpus.Receipt{DocumentID: deletion.ID, Outcome: corpus.Deleted}
	err := d.lender.Lend(func(x Index) error {
		err := x.Store.DeleteIf(ctx, []corpus.Deletion{deletion})
		r.Mark = store.MarkOf(x.Store)
		return err
	})
	if errors.Is(err, corpus.ErrStale) {
		r.Outcome, r.Err, err = corpus.Stale, err, nil
	}
	if err != nil {
		return corpus.Receipt{}, err
	}
	d.receipt(ctx, r)
	return r, nil
}

// Update changes fields of a document, see [indexer.Indexer.Update].
func (d *Documents) Update(ctx context.Context, u corpus.Update) (corpus.Receipt, error) {
	r, err := lent(d, func(x Index) (corpus.Receipt, error) {
		r, err := x.Indexer.Update(ctx, u)
		r.Mark = store.MarkOf(x.Store)
		return r, err
	})
	if err == nil {
		r.Chunks = 0 // none was written
		d.receipt(ctx, r)
	}
	return r, err
}

// Mark returns the newest state of the index, or the zero mark.
func (d *Documents) Mark() corpus.Mark {
	m, err := lent(d, func(x Index) (corpus.Mark, error) { return store.MarkOf(x.Store), nil })
	if err != nil {
		return corpus.Mark{}
	}
	return m
}
