package doctor

import (
	"context"
	"errors"

	"dalil/corpus"
	"dalil/store"
)

// sample reads up to n passages, each from the middle of a document, spread over the
// first ten thousand documents.
func sample(ctx context.Context, s store.Reader, n int, with store.Fields) ([]store.Point, error) {
	var ids []corpus.ChunkID
	done := errors.New("enough")
	seen := 0
	err := store.Each(ctx, s, func(info store.Record) error {
		if info.Chunks > 0 {
			ids = append(ids, info.ChunkID(info.Chunks/2))
		}
		if seen++; seen == 10_000 {
			return done
		}
		return nil
	})
	if err != nil && !errors.Is(err, done) {
		return nil, err
	}
	step := max(1, len(ids)/n)
	var some []corpus.ChunkID
	for i := 0; i < len(ids) && len(some) < n; i += step {
		some = append(some, ids[i])
	}
	return s.Chunks(ctx, some, with)
}
