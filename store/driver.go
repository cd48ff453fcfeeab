package store

import (
	"context"

	"dalil/corpus"
)

// Driver opens the collections of one place, such as a data folder or an alias
// on a server. Making a driver opens nothing and connects to nothing. Every store
// that it opens is closed by the caller.
type Driver interface {
	// Open opens the collection that answers, for reading and writing, or an empty
	// store where there is none. One that another pipeline built is a
	// corpus.MismatchError.
	Open(ctx context.Context, p corpus.Pipeline) (Store, error)
	// OpenReading is Open for a caller that only reads: it changes nothing, and it
	// is corpus.ErrNotReady where there is no collection.
	OpenReading(ctx context.Context, p corpus.Pipeline) (Store, error)
	// OpenHeld is OpenReading for whatever pipeline built the collection.
	OpenHeld(ctx context.Context) (Store, error)
	// Held returns the pipeline that built the collection that answers, without
	// opening it; corpus.ErrNotReady where there is none.
	Held(ctx context.Context) (corpus.Pipeline, error)
	// Rebuild opens a new collection beside the one that answers, for any pipeline.
	// With resume it may continue one that an earlier rebuild of the same pipeline
	// left. The new one takes the old one's place by [Swapper] or [Catalogue].
	Rebuild(ctx context.Context, p corpus.Pipeline, resume bool) (Store, error)
	// Scratch returns a driver of a new, empty place and how to remove that place
	// with all that it holds.
	Scratch() (Driver, func(context.Context) error, error)
}

// RemoteDriver is a driver whose stores answer from another process. A server
// waits for one that does not answer yet. Fallback: the store is in this process,
// and a server ends where it cannot be opened.
type RemoteDriver interface{ Remote() bool }

// IsRemote reports whether the driver's stores answer from another process.
func IsRemote(d Driver) bool {
	r, ok := d.(RemoteDriver)
	return ok && r.Remote()
}

// DamagedOpener is a driver that can open what is readable of a damaged
// collection, whatever pipeline built it. The store it opens is a [Salvager].
// Fallback: [Driver.OpenHeld], see [OpenDamaged].
type DamagedOpener interface {
	OpenDamaged(ctx context.Context) (Store, error)
}

// OpenDamaged opens what can be read of the collection that answers.
func OpenDamaged(ctx context.Context, d Driver) (Store, error) {
	if able, ok := d.(DamagedOpener); ok {
		return able.OpenDamaged(ctx)
	}
	return d.OpenHeld(ctx)
}

// EmptyOpener is a driver that prepares a place of its own for a restore: it
// refuses a place that holds a collection (corpus.ErrRefusedState), and nothing of
// an interrupted restore answers. The store that it opens is a [Swapper], which
// completes the restore. Fallback: [Driver.Open], see [OpenEmpty].
type EmptyOpener interface {
	OpenEmpty(ctx context.Context, p corpus.Pipeline) (Store, error)
}

// OpenEmpty opens what a backup is restored into.
func OpenEmpty(ctx context.Context, d Driver, p corpus.Pipeline) (Store, error) {
	if able, ok := d.(EmptyOpener); ok {
		return able.OpenEmpty(ctx, p)
	}
	return d.Open(ctx, p)
}

// DiskUser is a driver that writes to a disk of this machine. Fallback: the disk
// is not watched.
type DiskUser interface {
	// Folder is where the data is, or will be.
	Folder() string
	// Disk returns how many bytes are free for this user on the folder's disk, and
	// its size; errors.ErrUnsupported where the system cannot say.
	Disk() (free, size uint64, err error)
}
