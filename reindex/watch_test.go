package reindex_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"dalil/reindex"
	"dalil/store"
)

// place is a catalogue whose alias points to nothing. While it is asked for the first
// time, the first document creates the collection in the process that follows it.
type place struct {
	store.Catalogue
	held   atomic.Bool
	looked chan struct{} // closed when it is asked again
}

func (p *place) OpenCatalogue(context.Context) (store.Catalogue, error) { return p, nil }

func (p *place) Active(ctx context.Context) (string, error) {
	if !p.held.Swap(true) {
		return "", nil
	}
	close(p.looked)
	<-ctx.Done()
	return "", ctx.Err()
}

func (p *place) Close() error { return nil }

// following follows a place.
type following struct {
	*place
	refused atomic.Bool
}

func (f *following) State() (open bool, collection string, why error) {
	if f.held.Load() {
		return true, "first", nil
	}
	return true, "", nil
}

func (f *following) SetError(why error) { f.refused.Store(why != nil) }

func (f *following) GoOver(context.Context, string) error { return nil }

func (f *following) CannotGoOver(context.Context, error) {}

// A collection that is created while the alias is asked is not one that the alias has lost.
func TestWatchWhileACollectionIsCreated(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	p := &place{looked: make(chan struct{})}
	f := &following{place: p}
	done := make(chan struct{})
	go func() {
		defer close(done)
		reindex.Watch(ctx, p, "news", time.Millisecond, f)
	}()
	<-p.looked
	cancel()
	<-done
	if f.refused.Load() {
		t.Error("the new collection refuses writes")
	}
}
