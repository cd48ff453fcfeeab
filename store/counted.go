package store

import "context"

// Counted is a store that can list documents with missing passages. Stores without
// it write atomically, and their pages are checked in another way.
type Counted interface {
	// Incomplete returns ids of documents of which a passage is gone, at most so
	// many; none where all is well.
	Incomplete(ctx context.Context, most int) ([]string, error)
}
