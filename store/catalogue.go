package store

import (
	"context"
	"io"
	"time"

	"dalil/corpus"
)

// Cataloguer is the driver of a place that keeps several collections, one of them
// active. Fallback: the place has one collection, which can be open once in a
// process, and a rebuild ends with a [Swapper].
type Cataloguer interface {
	// OpenCatalogue connects to the catalogue. It opens no collection.
	OpenCatalogue(ctx context.Context) (Catalogue, error)
}

// Catalogue lists and changes the collections of one place. Its methods return
// corpus.ErrMissing if a collection does not exist.
type Catalogue interface {
	// Active returns the name of the active collection, or "".
	Active(ctx context.Context) (string, error)
	// Previous returns the collection that was active before, or "".
	Previous(ctx context.Context) (string, error)
	// List returns all collections, the newest first.
	List(ctx context.Context) ([]corpus.Collection, error)
	// Pipeline returns the pipeline that built a collection.
	Pipeline(ctx context.Context, name string) (corpus.Pipeline, error)
	// Open opens a collection by its name, whether it is active or not.
	Open(ctx context.Context, name string, p corpus.Pipeline) (Store, error)
	// Activate makes a collection the active one, in one step for all readers.
	Activate(ctx context.Context, name string) error
	// Drop deletes a collection. It refuses one that is active, or was active or created within grace.
	Drop(ctx context.Context, name string, grace time.Duration) error
	io.Closer
}

// OpenNamed opens a collection by its name, whatever pipeline built it.
func OpenNamed(ctx context.Context, c Catalogue, name string) (Store, error) {
	p, err := c.Pipeline(ctx, name)
	if err != nil {
		return nil, err
	}
	return c.Open(ctx, name, p)
}
