package store

import (
	"context"
	"crypto/sha256"

	"dalil/corpus"
)

// Marker is a store that names its states. Fallback: the zero mark, for which nobody waits.
type Marker interface {
	// Mark returns a state that has every write that was acknowledged before the call.
	// Every later read uses this state or a newer one. Without a collection it is zero.
	Mark() corpus.Mark
}

// MarkOf returns the newest state of a store, or of the store that it wraps.
func MarkOf(r Reader) corpus.Mark {
	if marker, is := able[Marker](r); is {
		return marker.Mark()
	}
	return corpus.Mark{}
}

// MarkOfName returns the mark of a collection that has a name of its own and shows every
// acknowledged write at once.
func MarkOfName(name string) (m corpus.Mark) {
	if name == "" {
		return m
	}
	sum := sha256.Sum256([]byte(name))
	copy(m.Collection[:], sum[:])
	return m
}

// Standing says what a place knows about the collection of a mark: whether it is one of its
// collections, and whether it is the active one. A place without a [Catalogue] knows none but
// the one that is open.
func Standing(ctx context.Context, d Driver, m corpus.Mark) (ours, active bool, err error) {
	several, able := d.(Cataloguer)
	if !able {
		return false, false, nil
	}
	c, err := several.OpenCatalogue(ctx)
	if err != nil {
		return false, false, err
	}
	defer c.Close()
	if name, err := c.Active(ctx); err != nil || MarkOfName(name).Collection == m.Collection && name != "" {
		return err == nil, err == nil, err
	}
	all, err := c.List(ctx)
	for _, one := range all {
		ours = ours || MarkOfName(one.Name).Collection == m.Collection
	}
	return ours, false, err
}
