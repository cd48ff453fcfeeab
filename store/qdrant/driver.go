package qdrant

import (
	"context"
	"errors"
	"fmt"
	"time"

	"dalil/corpus"
	"dalil/store"
)

// Driver opens the collections of one alias.
type Driver struct{ options Options }

var (
	_ store.Driver       = (*Driver)(nil)
	_ store.RemoteDriver = (*Driver)(nil)
	_ store.Cataloguer   = (*Driver)(nil)
	_ store.Catalogue    = (*Catalogue)(nil)

	_ store.Named        = (*Store)(nil)
	_ store.Approximator = (*Store)(nil)
	_ store.DeletionLog  = (*Store)(nil)
	_ store.Carrier      = (*Store)(nil)
	_ store.Counted      = (*Store)(nil)
)

// NewDriver returns the driver of the alias in options. It ignores
// Options.Pipeline.
func NewDriver(options Options) *Driver { return &Driver{options} }

// Remote reports true, because Qdrant is another process.
func (d *Driver) Remote() bool { return true }

func (d *Driver) of(p corpus.Pipeline) Options {
	options := d.options
	options.Pipeline = p
	return options
}

// opened prevents a nil *Store from becoming an interface that is not nil.
func opened(s *Store, err error) (store.Store, error) {
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Open opens the collection that the alias points to.
func (d *Driver) Open(ctx context.Context, p corpus.Pipeline) (store.Store, error) {
	return opened(Open(ctx, d.of(p)))
}

// OpenReading opens the collection that the alias points to, for reading.
func (d *Driver) OpenReading(ctx context.Context, p corpus.Pipeline) (store.Store, error) {
	return opened(OpenReading(ctx, d.of(p)))
}

// OpenHeld opens the collection that the alias points to for reading, with the
// pipeline that built it.
func (d *Driver) OpenHeld(ctx context.Context) (store.Store, error) {
	c, err := OpenCatalogue(ctx, d.options)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	name, err := c.held(ctx)
	if err != nil {
		return nil, err
	}
	return store.OpenNamed(ctx, c, name)
}

// Held returns the pipeline that built the collection that the alias points to.
func (d *Driver) Held(ctx context.Context) (corpus.Pipeline, error) {
	c, err := OpenCatalogue(ctx, d.options)
	if err != nil {
		return corpus.Pipeline{}, err
	}
	defer c.Close()
	name, err := c.held(ctx)
	if err != nil {
		return corpus.Pipeline{}, err
	}
	return c.Pipeline(ctx, name)
}

// held returns the active collection, which must exist.
func (c *Catalogue) held(ctx context.Context) (string, error) {
	name, err := c.Active(ctx)
	if err == nil && name == "" {
		err = fmt.Errorf("%w: the alias %s points to no collection, so there is nothing to rebuild from; give PATH or --from", corpus.ErrNotReady, c.store.options.Alias)
	}
	return name, err
}

// Rebuild opens a collection beside the active one.
func (d *Driver) Rebuild(ctx context.Context, p corpus.Pipeline, resume bool) (store.Store, error) {
	if resume {
		return opened(Build(ctx, d.of(p)))
	}
	return opened(BuildNew(ctx, d.of(p)))
}

// removeWithin is the timeout for the removal of a temporary place.
const removeWithin = time.Minute

// Scratch returns the driver of an unused alias. Removing it removes the alias and
// all its collections.
func (d *Driver) Scratch() (store.Driver, func(context.Context) error, error) {
	fresh := NewDriver(d.options)
	fresh.options.Alias = fmt.Sprintf("dalil-scratch-%x-%x", time.Now().UnixNano(), newWriter())
	return fresh, fresh.RemoveAll, nil
}

// RemoveAll deletes the alias and all its collections.
func (d *Driver) RemoveAll(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, removeWithin)
	defer cancel()
	c, err := OpenCatalogue(ctx, d.options)
	if err != nil {
		return err
	}
	return errors.Join(c.RemoveAll(ctx), c.Close())
}

// OpenCatalogue connects to the collections of the alias.
func (d *Driver) OpenCatalogue(ctx context.Context) (store.Catalogue, error) {
	c, err := OpenCatalogue(ctx, d.options)
	if err != nil {
		return nil, err
	}
	return c, nil
}

// Open opens a collection by its own name.
func (c *Catalogue) Open(ctx context.Context, name string, p corpus.Pipeline) (store.Store, error) {
	options := c.store.options
	options.Pipeline = p
	return opened(OpenCollection(ctx, options, name))
}
