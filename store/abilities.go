package store

import (
	"context"
	"time"

	"dalil/corpus"
)

// Named is a store whose collection has a name of its own. Fallback: the
// fingerprint of its pipeline is the name.
type Named interface {
	// Collection returns the name, or "" before the first document has created the collection.
	Collection() string
}

// NameOf returns the name of a store's collection, for the pipeline that it was opened
// for: the pipeline's fingerprint where the store is not [Named].
func NameOf(r Reader, p corpus.Pipeline) string {
	if named, ok := r.(Named); ok {
		return named.Collection()
	}
	return p.Fingerprint()
}

// Approximator is a store whose dense search is approximate unless ArmQuery.Exact is
// set. Fallback: every search is exact, and ArmQuery.Effort has no effect.
type Approximator interface {
	// Approximate returns the settings of the approximate search.
	Approximate() corpus.Approximate
}

// DeletionLog is a store that records recent deletions. Fallback: a deletion that
// happens while a collection is carried over is found only by comparing the
// documents of both collections.
type DeletionLog interface {
	// Deleted returns the deleted documents by id, with the time of the deletion.
	Deleted(ctx context.Context) (map[string]time.Time, error)
}

// Deletions returns the recent deletions of a store, or nil if it is not a
// [DeletionLog].
func Deletions(ctx context.Context, r Reader) (map[string]time.Time, error) {
	if log, ok := r.(DeletionLog); ok {
		return log.Deleted(ctx)
	}
	return nil, nil
}

// IntegrityChecker is a store that can check its own files. Fallback: only reading
// finds damage.
type IntegrityChecker interface {
	// Integrity returns the errors that the check found, one per line, or none.
	Integrity(ctx context.Context) ([]string, error)
}

// SchemaKeeper is a store whose files have a schema version. Fallback: the store's
// server manages its own files.
type SchemaKeeper interface {
	// Schema returns the version of the files that are open, and the version that this
	// program writes. They differ only while an older version is open for reading.
	Schema() (held, newest int)
}

// Swapper is a collection that [Driver.Rebuild] opened in a place that keeps one
// collection. Fallback: the place has a [Catalogue].
type Swapper interface {
	// Swap replaces the previous collection with this one. It removes the previous
	// one or, with keep, renames it and returns its new place.
	Swap(ctx context.Context, keep bool) (kept string, err error)
	// Replaced opens the collection that this one will replace, for reading. With
	// salvage, it opens what can be read of it. It returns corpus.ErrNotReady if
	// there is none.
	Replaced(ctx context.Context, salvage bool) (Store, error)
}
