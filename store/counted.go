package store

import "context"

// Counted is a store that can tell which documents lack passages. Where a store is
// none, its writes are atomic and its pages checked otherwise.
type Counted interface {
	// Incomplete returns ids of documents of which a passage is gone, at most so
	// many; none where all is well.
	Incomplete(ctx context.Context, most int) ([]string, error)
}
