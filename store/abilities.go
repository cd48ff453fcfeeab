package store

import (
	"context"
	"time"

	"dalil/corpus"
)

// Named is a store whose collection has a name of its own. Fallback: the
// fingerprint of its pipeline is the name.
type Named interface {
	// Collection returns the name; "" before the first document has made it.
	Collection() string
}

// Approximator is a store whose dense search is approximate unless ArmQuery.Exact is
// set. Fallback: every search is exact, and ArmQuery.Effort has no effect.
type Approximator interface {
	// Approximate returns the settings of the approximate search.
	Approximate() corpus.Approximate
}

// DeletionLog is a store that remembers what was deleted lately. Fallback: a
// deletion that happens while a collection is carried over is found only by
// comparing what both collections hold.
type DeletionLog interface {
	// Deleted returns the deleted documents by id, with the time of the deletion.
	Deleted(ctx context.Context) (map[string]time.Time, error)
}

// Deletions returns what a store has deleted lately, or nil where it is no
// [DeletionLog].
func Deletions(ctx context.Context, r Reader) (map[string]time.Time, error) {
	if log, ok := r.(DeletionLog); ok {
		return log.Deleted(ctx)
	}
	return nil, nil
}

// IntegrityChecker is a store that can check its own files. Fallback: nothing is
// checked beyond what reading finds.
type IntegrityChecker interface {
	// Integrity returns what the check finds, a line each; none where all is well.
	Integrity(ctx context.Context) ([]string, error)
}

// SchemaKeeper is a store whose files have a schema version. Fallback: the store's own
// server looks after what is on disk.
type SchemaKeeper interface {
	// Schema returns the version of the files that are open, and the version that this
	// program writes. They differ only while an older version is open for reading.
	Schema() (held, newest int)
}

// Swapper is a collection that [Driver.Rebuild] opened in a place that keeps one
// collection. Fallback: the place has a [Catalogue].
type Swapper interface {
	// Swap puts this collection in the place of the one before and removes that, or
	// with keep renames it and returns where it is.
	Swap(ctx context.Context, keep bool) (kept string, err error)
	// Replaced opens the collection that this one is to replace, for reading, and
	// with salvage what can be read of it; corpus.ErrNotReady where there is none.
	Replaced(ctx context.Context, salvage bool) (Store, error)
}
