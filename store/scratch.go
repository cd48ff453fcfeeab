package store

import (
	"context"
	"errors"

	"dalil/corpus"
)

// scratchStore is an empty store whose place is removed when it is closed.
type scratchStore struct {
	Store
	remove func(context.Context) error
}

// OpenScratch opens a store in a new, empty, temporary place of the driver. Closing
// the store removes the place.
func OpenScratch(ctx context.Context, d Driver, p corpus.Pipeline) (Store, error) {
	fresh, remove, err := d.Scratch()
	if err != nil {
		return nil, err
	}
	s, err := fresh.Open(ctx, p)
	if err != nil {
		return nil, errors.Join(err, remove(ctx))
	}
	return &scratchStore{s, remove}, nil
}

func (s *scratchStore) Close() error {
	return errors.Join(s.Store.Close(), s.remove(context.Background()))
}
