package store

import (
	"context"
	"io"
	"time"

	"dalil/corpus"
)

// Cataloguer is a driver of a place that keeps several collections, one of them
// active. Fallback: the place has one collection, which one store of this process
// has open, and a rebuild ends with a [Swapper].
type Cataloguer interface {
	// OpenCatalogue connects to the catalogue. It opens no collection.
	OpenCatalogue(ctx context.Context) (Catalogue, error)
}

// Catalogue lists and changes the collections of one place. A collection that is
// not there is corpus.ErrMissing.
type Catalogue interface {
	// Active returns the name of the active collection; "" for none.
	Active(ctx context.Context) (string, error)
	// Previous returns the collection that was active before; "" for none.
	Previous(ctx context.Context) (string, error)
	// List returns all collections, the newest first.
	List(ctx context.Context) ([]corpus.Collection, error)
	// Pipeline returns what built a collection.
	Pipeline(ctx context.Context, name string) (corpus.Pipeline, error)
	// Open opens a collection by its name, whether it is active or not.
	Open(ctx context.Context, name string, p corpus.Pipeline) (Store, error)
	// Activate makes a collection the active one, in one step for all readers.
	Activate(ctx context.Context, name string) error
	// Drop removes a collection that is neither active nor younger than grace.
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
