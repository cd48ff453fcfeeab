package store

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"dalil/corpus"
)

// EntryReader is a store that can read a snapshot of all its documents while others
// write.
type EntryReader interface {
	// Entries yields every document with its passages, texts and vectors. An error
	// ends it.
	Entries(ctx context.Context) iter.Seq2[Entry, error]
}

// Entries yields every document of a store with its passages, texts and vectors.
// From an [EntryReader] they are a snapshot of one moment. From another store each
// document is consistent, but documents that are written meanwhile may or may not
// be included. An error ends it.
func Entries(ctx context.Context, r Reader) iter.Seq2[Entry, error] {
	if s, ok := r.(EntryReader); ok {
		return s.Entries(ctx)
	}
	return func(yield func(Entry, error) bool) {
		for after := ""; ; {
			page, err := r.Documents(ctx, after, entriesPage)
			if err != nil {
				yield(Entry{}, fmt.Errorf("list documents: %w", err))
				return
			}
			for _, info := range page {
				e, err := ReadEntry(ctx, r, info)
				if errors.Is(err, corpus.ErrNotFound) {
					continue // deleted meanwhile
				}
				if !yield(e, err) || err != nil {
					return
				}
			}
			if len(page) < entriesPage {
				return
			}
			after = page[len(page)-1].Document.ID
		}
	}
}

const entriesPage = 256

// entryTries is how often a document is read again because it was replaced meanwhile.
const entryTries = 10

// ReadEntry reads a document whole that was listed. One that was replaced since is read
// as it is now.
func ReadEntry(ctx context.Context, r Reader, info Record) (Entry, error) {
	for range entryTries {
		ids := info.ChunkIDs()
		points, err := r.Chunks(ctx, ids, WithText|WithDense|WithSparse|WithHidden|WithoutCopies)
		if err != nil {
			return Entry{}, fmt.Errorf("read document %q: %w", info.Document.ID, err)
		}
		if len(points) == len(ids) {
			return Entry{Document: info.Document, Fingerprint: info.Fingerprint, UpdatedAt: info.UpdatedAt, Points: points}, nil
		}
		if info, err = r.Document(ctx, info.Document.ID); err != nil {
			return Entry{}, err
		}
	}
	return Entry{}, corpus.Errorf(corpus.ErrCorrupt, "read document %q: some of its %d passages are missing", info.Document.ID, info.Chunks)
}
