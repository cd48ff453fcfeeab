package documents

import (
	"context"
	"errors"
	"fmt"

	"dalil/corpus"
	"dalil/store"
)

// eraseBatch is how many documents are deleted in one call of the store.
const eraseBatch = 256

// Erase deletes the documents that a filter keeps and that have not expired; the zero filter
// keeps all. With dryRun it only counts them. A document that another writer changes
// meanwhile is deleted if the filter keeps its new version too.
func (d *Documents) Erase(ctx context.Context, f corpus.Filter, dryRun bool, progress func(corpus.Progress)) (erased corpus.Erased, err error) {
	var found []corpus.Deletion
	err = d.lender.Lend(func(x Index) error {
		return each(ctx, x.Store, f, func(record *store.Record) error {
			id := record.Document.ID
			if erased.Matched++; len(erased.Sample) < corpus.ErasedSample {
				erased.Sample = append(erased.Sample, id)
			}
			if !dryRun {
				found = append(found, corpus.Deletion{ID: id, If: corpus.Condition{ETag: record.Document.ETag}})
			}
			if erased.Matched%eraseBatch == 0 {
				progress(corpus.Progress{Step: "find", Done: erased.Matched})
			}
			return nil
		})
	})
	for len(found) > 0 && err == nil {
		batch := found[:min(eraseBatch, len(found))]
		found = found[len(batch):]
		var n int
		n, err = d.eraseBatch(ctx, f, batch)
		erased.Deleted += n
		progress(corpus.Progress{Step: "delete", Done: erased.Deleted, Total: erased.Matched})
	}
	if err != nil {
		return erased, fmt.Errorf("%d of %d documents were deleted: %w", erased.Deleted, erased.Matched, err)
	}
	return erased, nil
}

// eraseTries is how often a document is read again that changes again and again.
const eraseTries = 16

// eraseBatch deletes some documents and returns how many there were.
func (d *Documents) eraseBatch(ctx context.Context, f corpus.Filter, batch []corpus.Deletion) (deleted int, err error) {
	err = d.lender.Lend(func(x Index) error {
		for range eraseTries {
			if err := ctx.Err(); err != nil || len(batch) == 0 {
				return err
			}
			err := x.Store.DeleteIf(ctx, batch)
			var some *store.PutError
			failed := map[string]error{}
			switch {
			case err == nil:
			case errors.As(err, &some):
				failed = some.Failed
			case len(batch) == 1:
				failed[batch[0].ID] = err
			default:
				return err
			}
			var again []corpus.Deletion
			for _, one := range batch {
				why := failed[one.ID]
				if why == nil {
					deleted++
					d.receipt(ctx, corpus.Receipt{DocumentID: one.ID, Outcome: corpus.Deleted, Mark: store.MarkOf(x.Store)})
					continue
				}
				if !errors.Is(why, corpus.ErrConflict) {
					return why
				}
				record, err := x.Store.Document(ctx, one.ID)
				switch {
				case errors.Is(err, corpus.ErrNotFound) || err == nil && (record.Expired || !f.Match(&record.Document)):
				case err != nil:
					return err
				default:
					again = append(again, corpus.Deletion{ID: one.ID, If: corpus.Condition{ETag: record.Document.ETag}})
				}
			}
			batch = again
		}
		if len(batch) > 0 {
			return corpus.Errorf(corpus.ErrConflict, "document %q was changed faster than it could be deleted, %d times", batch[0].ID, eraseTries)
		}
		return nil
	})
	return deleted, err
}
