package store

import (
	"context"
	"time"

	"dalil/corpus"
)

// Found is a collection that a [Repairer] found.
type Found struct {
	Name       string
	Current    bool
	Unfinished bool // a rebuild has begun it, but not finished
	Pipeline   corpus.Pipeline
	Documents  int
	UpdatedAt  time.Time // zero: it was never written to
	DiskBytes  int64
	Schema     int   // schema version of the files; 0: unknown
	Problem    error // why it cannot be read; nil: it can be
	Lost       error // which acknowledged writes are missing; nil: none
}

// Repairer is a driver whose place an operator can repair after its files were
// damaged, so that it can be opened again. Fallback: "dalil doctor --repair" is
// refused.
type Repairer interface {
	// Folder returns the folder of the collections.
	Folder() string
	// Inspect lists the collections. problem is why the place cannot be opened, or
	// nil. It changes nothing.
	Inspect(ctx context.Context) (found []Found, problem, err error)
	// Use makes a collection the current one. It refuses one that cannot be read.
	Use(ctx context.Context, name string) error
	// SetAside renames every collection, so that the place is empty, and returns the
	// new names. It deletes nothing.
	SetAside() ([]string, error)
	// Clean deletes the remains of unfinished rebuilds and returns their names.
	Clean() ([]string, error)
	// AcceptLoss accepts that acknowledged writes are missing. It describes the
	// loss, or returns "" if there is none.
	AcceptLoss(ctx context.Context) (lost string, err error)
}
