package storetest

import (
	"context"
	"time"

	"dalil/corpus"
	"dalil/store"
)

// As returns a store that makes every call as a principal. It has the abilities of a
// store of [store.Bound].
func As(s store.Store, p corpus.Principal) store.Store { return &caller{s, p} }

// caller is a bound store with its caller.
type caller struct {
	store.Store
	principal corpus.Principal
}

var (
	_ store.Editor        = (*caller)(nil)
	_ store.Marker        = (*caller)(nil)
	_ store.TraitReader   = (*caller)(nil)
	_ store.ProfileKeeper = (*keepingCaller)(nil)
)

func (c *caller) as(ctx context.Context) context.Context {
	return corpus.WithPrincipal(ctx, c.principal)
}

func (c *caller) Mark() corpus.Mark { return store.MarkOf(c.Store) }

func (c *caller) Search(ctx context.Context, arms []store.ArmQuery) ([][]store.Hit, error) {
	return c.Store.Search(c.as(ctx), arms)
}

func (c *caller) Chunks(ctx context.Context, ids []corpus.ChunkID, with store.Fields) ([]store.Point, error) {
	return c.Store.Chunks(c.as(ctx), ids, with)
}

func (c *caller) Vocabulary(ctx context.Context) (store.Vocabulary, error) {
	return c.Store.Vocabulary(c.as(ctx))
}

func (c *caller) Settings(ctx context.Context) (store.Settings, error) {
	return c.Store.Settings(c.as(ctx))
}

func (c *caller) Documents(ctx context.Context, after string, limit int) ([]store.Record, error) {
	return c.Store.Documents(c.as(ctx), after, limit)
}

func (c *caller) Document(ctx context.Context, id string) (store.Record, error) {
	return c.Store.Document(c.as(ctx), id)
}

func (c *caller) Fingerprints(ctx context.Context, ids []string) (map[string]string, error) {
	return c.Store.Fingerprints(c.as(ctx), ids)
}

func (c *caller) Versions(ctx context.Context, ids []string) (map[string]int64, error) {
	return c.Store.Versions(c.as(ctx), ids)
}

func (c *caller) Expired(ctx context.Context, limit int) ([]string, error) {
	return c.Store.Expired(c.as(ctx), limit)
}

func (c *caller) Stats(ctx context.Context) (corpus.Stats, error) { return c.Store.Stats(c.as(ctx)) }

func (c *caller) Create(ctx context.Context, settings store.Settings) (store.Settings, error) {
	return c.Store.Create(c.as(ctx), settings)
}

func (c *caller) Put(ctx context.Context, entries []store.Entry) error {
	return c.Store.Put(c.as(ctx), entries)
}

func (c *caller) Edit(ctx context.Context, e store.Edit) error {
	return store.EditDocument(c.as(ctx), c.Store, e)
}

func (c *caller) Delete(ctx context.Context, ids []string) error {
	return c.Store.Delete(c.as(ctx), ids)
}

func (c *caller) DeleteIf(ctx context.Context, deletions []corpus.Deletion) error {
	return c.Store.DeleteIf(c.as(ctx), deletions)
}

func (c *caller) Published(ctx context.Context, ids []corpus.ChunkID) ([]time.Time, error) {
	return store.Published(c.as(ctx), c.Store, ids)
}

func (c *caller) Vectors(ctx context.Context, ids []corpus.ChunkID) ([]corpus.Vector, error) {
	return store.Vectors(c.as(ctx), c.Store, ids)
}

func (c *caller) CountFacets(ctx context.Context, ids []corpus.ChunkID, fields []corpus.FacetField) ([][]corpus.FacetValue, error) {
	return store.CountFacets(c.as(ctx), c.Store, ids, fields)
}

// keepingCaller is a caller whose store keeps profiles.
type keepingCaller struct {
	*caller
	keeper store.ProfileKeeper
}

func (c *keepingCaller) KeepProfiles(p store.Profiler) { c.keeper.KeepProfiles(p) }

func (c *keepingCaller) Profiles(ctx context.Context, ids []corpus.ChunkID, to *store.Profiles) error {
	return c.keeper.Profiles(c.as(ctx), ids, to)
}
