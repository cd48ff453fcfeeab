package store

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"dalil/corpus"
)

// EntryReader is implemented by a store that can read all it holds as of one
// moment, whatever is written meanwhile.
type EntryReader interface {
	// Entries reads every document whole, with its passages, texts and vectors. An
	// error ends it.
	Entries(ctx context.Context) iter.Seq2[Entry, error]
}

// Entries reads every document of a store whole, with its passages, texts and
// vectors. Of an [EntryReader] it is one moment; of another store each document
// is as it was at one moment, and what is written meanwhile may or may not be
// in it. An error ends it.
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

// entryTries bounds how often a document is read that is replaced while it is.
const entryTries = 10

// ReadEntry reads a document whole that was listed. One that was replaced since is read
// as it is now.
func ReadEntry(ctx context.Context, r Reader, info Record) (Entry, error) {
	for range entryTries {
		ids := make([]corpus.ChunkID, info.Chunks)
		for i := range ids {
			ids[i] = corpus.NewChunkID(info.Document.ID, info.Revision, i)
		}
		points, err := r.Chunks(ctx, ids, WithText|WithDense|WithSparse|WithHidden)
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
