package store

import "context"

// Counted is a store that can list documents with missing passages. Fallback: the
// store writes documents atomically.
type Counted interface {
	// Incomplete returns the ids of documents with missing passages, at most limit.
	Incomplete(ctx context.Context, most int) ([]string, error)
}
