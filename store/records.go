package store

import (
	"context"
	"errors"

	"dalil/corpus"
)

// RecordReader is a store that can read several documents in one call. Fallback: they
// are read one by one.
type RecordReader interface {
	// Records returns the documents that exist, by id, also those that are not visible.
	Records(ctx context.Context, ids []string) (map[string]Record, error)
}

// Records is [RecordReader.Records] for every store.
func Records(ctx context.Context, r Reader, ids []string) (map[string]Record, error) {
	for inner := r; ; {
		if able, is := inner.(RecordReader); is {
			return able.Records(ctx, ids)
		}
		wrapper, wraps := inner.(Wrapper)
		if !wraps {
			break
		}
		inner = wrapper.Unwrap()
	}
	records := make(map[string]Record, len(ids))
	for _, id := range ids {
		record, err := r.Document(ctx, id)
		if errors.Is(err, corpus.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		records[id] = record
	}
	return records, nil
}
