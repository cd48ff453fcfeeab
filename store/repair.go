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
	Unfinished bool // a rebuild has begun it and not finished
	Pipeline   corpus.Pipeline
	Documents  int
	UpdatedAt  time.Time // zero: nothing was written
	DiskBytes  int64
	Schema     int   // the version of the files; 0: not known
	Problem    error // why it cannot be read; nil: it can be
	Lost       error // which acknowledged writes are missing; nil: none
}

// Repairer is a driver whose place an operator can make openable again after its
// files were damaged. Fallback: there is nothing to repair from here.
type Repairer interface {
	// Folder is where the collections are.
	Folder() string
	// Inspect lists the collections and returns as problem why the place cannot be
	// opened. It changes nothing.
	Inspect(ctx context.Context) (found []Found, problem, err error)
	// Use makes a collection the current one. One that cannot be read is refused.
	Use(ctx context.Context, name string) error
	// SetAside renames every collection, so that the place is empty, and returns the
	// new names. It removes nothing.
	SetAside() ([]string, error)
	// Clean removes what unfinished rebuilds have left and returns the names.
	Clean() ([]string, error)
	// AcceptLoss continues without acknowledged writes that are missing and
	// describes what is lost; "" where nothing is.
	AcceptLoss(ctx context.Context) (lost string, err error)
}
