package indexer

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"dalil/corpus"
	"dalil/store"
)

// An update without a condition is tried again while other writes change the document,
// for updateWithin and at least updateTries times. Each wait may be twice as long as the
// one before, at most updateWait, so that the writers of one document come one after the
// other.
const (
	updateWithin = 5 * time.Second
	updateTries  = 16
	updateWait   = 128 * time.Millisecond
)

// Update changes fields of a document, and keeps its text, title and passages. Nothing is
// embedded. The paths of u must be valid. The errors are corpus.ErrNotFound if there is no
// document or it has expired, a corpus.InvalidError for a value that is not allowed, and
// those of a store's Put. A document with a newer source version gives a receipt with the
// outcome Stale.
func (x *Indexer) Update(ctx context.Context, u corpus.Update) (corpus.Receipt, error) {
	receipt := corpus.Receipt{DocumentID: u.Document.ID, Outcome: corpus.Failed}
	for began, try := time.Now(), 1; ; try++ {
		done, err := x.update(ctx, u, &receipt)
		var unmet *corpus.ConditionError
		switch raced := errors.As(err, &unmet); {
		case errors.Is(err, corpus.ErrStale):
			receipt.Outcome, receipt.Err = corpus.Stale, err
			return receipt, nil
		case err == nil && done:
			return receipt, nil
		case err != nil && (!raced || u.If.ETag != "" && u.If.ETag != corpus.AnyETag):
			receipt.Err = err
			return receipt, err
		case try >= updateTries && time.Since(began) > updateWithin:
			err = corpus.Errorf(corpus.ErrConflict, "document %q was changed faster than it could be updated, %d times", u.Document.ID, try)
			receipt.Err = err
			return receipt, err
		}
		select {
		case <-ctx.Done():
			receipt.Err = ctx.Err()
			return receipt, receipt.Err
		case <-time.After(rand.N(min(updateWait, time.Millisecond<<min(try, 10)))):
		}
	}
}

// update reads the document and edits it once. It is not done if the document changed in
// between in a way that its etag does not show.
func (x *Indexer) update(ctx context.Context, u corpus.Update, receipt *corpus.Receipt) (done bool, err error) {
	info, err := store.ReadDocument(ctx, x.deps.Store, u.Document.ID, true)
	if err != nil {
		return false, err
	}
	if info.Expired {
		return false, corpus.Errorf(corpus.ErrNotFound, "document %q has expired", u.Document.ID)
	}
	if err := u.If.Check(u.Document.ID, info.Document.ETag); err != nil {
		return false, err
	}
	next, err := x.updated(ctx, u, info.Document)
	if err != nil {
		return false, err
	}
	held := info.Document.SourceVersion
	if err := corpus.CheckVersion(u.Document.ID, next.SourceVersion, held); err != nil {
		return false, err
	}
	content := contentOf(next)
	receipt.Revision, receipt.ETag, receipt.Chunks = info.Revision, content, info.Chunks
	if content == info.Document.ETag && sameVersion(next.SourceVersion, held) {
		receipt.Outcome = corpus.Unchanged
		return true, nil
	}
	err = store.EditDocument(ctx, x.deps.Store, store.Edit{
		Document: next, Content: content, If: corpus.Condition{ETag: info.Document.ETag},
	})
	var stale *corpus.StaleError
	if errors.As(err, &stale) && sameVersion(next.SourceVersion, held) { // only the version was raised meanwhile
		return false, nil
	}
	receipt.Outcome = corpus.Indexed
	return err == nil, err
}

// updated returns the document with the new values, in the form in which the write path
// stores them.
func (x *Indexer) updated(ctx context.Context, u corpus.Update, held corpus.Document) (corpus.Document, error) {
	next := u.Apply(held)
	parsed, err := x.deps.Parser.Parse(ctx, corpus.Raw{Document: next})
	if err != nil {
		return next, err
	}
	next.Author, next.Language = parsed.Document.Author, parsed.Document.Language
	if err := checkLife(&next); err != nil {
		return next, err
	}
	if n := next.MetadataBytes(); n > corpus.MaxMetadataBytes {
		return next, &corpus.InvalidError{Violations: []corpus.Violation{corpus.TooMuchMetadata("document", n, corpus.MaxMetadataBytes)}}
	}
	next.ETag = ""
	return next, nil
}

func sameVersion(a, b *int64) bool {
	return a == nil && b == nil || a != nil && b != nil && *a == *b
}
