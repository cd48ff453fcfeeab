package store

import (
	"context"

	"dalil/corpus"
)

// Driver opens the collections of one place, such as a data folder or an alias on a
// server. Making a driver opens nothing and connects to nothing. The caller must
// close every store that it opens.
type Driver interface {
	// Open opens the active collection for reading and writing, or an empty store
	// if there is none. It returns a corpus.MismatchError if another pipeline built
	// the collection.
	Open(ctx context.Context, p corpus.Pipeline) (Store, error)
	// OpenReading opens like Open, for a caller that only reads. It changes
	// nothing, and returns corpus.ErrNotReady if there is no collection.
	OpenReading(ctx context.Context, p corpus.Pipeline) (Store, error)
	// OpenHeld opens like OpenReading, with the pipeline that built the collection.
	OpenHeld(ctx context.Context) (Store, error)
	// Held returns the pipeline that built the active collection, without opening
	// it. It returns corpus.ErrNotReady if there is none.
	Held(ctx context.Context) (corpus.Pipeline, error)
	// Rebuild opens a new collection beside the active one, for any pipeline. With
	// resume, it may continue the collection of an earlier rebuild with the same
	// pipeline. A [Swapper] or [Catalogue] then replaces the old collection with
	// the new one.
	Rebuild(ctx context.Context, p corpus.Pipeline, resume bool) (Store, error)
	// Scratch returns the driver of a new, empty place, and a function that removes
	// the place with everything in it.
	Scratch() (Driver, func(context.Context) error, error)
}

// RemoteDriver is a driver whose stores are in another process. A server waits for
// a store that does not answer yet. Fallback: the store is in this process, and a
// server ends if it cannot be opened.
type RemoteDriver interface{ Remote() bool }

// IsRemote reports whether the driver's stores are in another process.
func IsRemote(d Driver) bool {
	r, ok := d.(RemoteDriver)
	return ok && r.Remote()
}

// DamagedOpener is a driver that can open a damaged collection, whatever pipeline
// built it. The store that it opens is a [Salvager]. Fallback: [Driver.OpenHeld],
// see [OpenDamaged].
type DamagedOpener interface {
	OpenDamaged(ctx context.Context) (Store, error)
}

// OpenDamaged opens what can be read of the active collection.
func OpenDamaged(ctx context.Context, d Driver) (Store, error) {
	if able, ok := d.(DamagedOpener); ok {
		return able.OpenDamaged(ctx)
	}
	return d.OpenHeld(ctx)
}

// EmptyOpener is a driver that prepares its place for a restore. It refuses a place
// that has a collection (corpus.ErrRefusedState). An interrupted restore leaves no
// active collection. The store that it opens is a [Swapper], which completes the
// restore. Fallback: [Driver.Open], see [OpenEmpty].
type EmptyOpener interface {
	OpenEmpty(ctx context.Context, p corpus.Pipeline) (Store, error)
}

// OpenEmpty opens an empty store, into which a backup is restored.
func OpenEmpty(ctx context.Context, d Driver, p corpus.Pipeline) (Store, error) {
	if able, ok := d.(EmptyOpener); ok {
		return able.OpenEmpty(ctx, p)
	}
	return d.Open(ctx, p)
}

// DiskUser is a driver that writes to a disk of this machine. Fallback: the disk
// is not watched.
type DiskUser interface {
	// Folder returns the folder of the data, which may not exist yet.
	Folder() string
	// Disk returns how many bytes are free for this user on the folder's disk, and
	// its size. It returns errors.ErrUnsupported if the system does not report
	// them.
	Disk() (free, size uint64, err error)
}
