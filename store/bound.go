package store

import (
	"context"
	"errors"
	"slices"

	"dalil/corpus"
)

// bound is a store whose calls see what their callers may see.
//
// It embeds no store, so that a new method of [Store] or a new ability is not passed
// on before somebody has bound it here. It is no [Wrapper] for the same reason.
type bound struct{ inner Store }

var (
	_ Store         = (*bound)(nil)
	_ Editor        = (*bound)(nil)
	_ Limiter       = (*bound)(nil)
	_ Marker        = (*bound)(nil)
	_ TraitReader   = (*bound)(nil)
	_ ProfileKeeper = (*boundKeeper)(nil)
)

// Bound returns a store that is bound to the callers of its calls: each call reads and
// writes the documents of the tenant of its context's principal (see
// [corpus.PrincipalOf]), of which it sees those that the principal's groups and filter
// allow. A call without a principal is refused; Ready and Close need none.
//
// Ids are those of the tenant: two tenants may have documents with the same id. The ids
// of passages follow from the document's key in s, so that those of two tenants differ.
// What the caller does not see is answered as what does not exist, with one exception:
// a document that the principal may not write is refused with corpus.ErrForbidden, and
// so is a write that would replace a document that the principal does not see.
//
// The result has the abilities [Editor], [Limiter], [Marker], [TraitReader] and, if s has
// it, [ProfileKeeper], and does not lead to s. Work for all tenants uses s itself, where
// the ids of documents are keys.
func Bound(s Store) Store {
	b := &bound{s}
	if keeper := ProfileKeeperOf(s); keeper != nil {
		return &boundKeeper{b, keeper}
	}
	return b
}

func (b *bound) Ready(ctx context.Context) error { return b.inner.Ready(ctx) }

func (b *bound) Close() error { return b.inner.Close() }

func (b *bound) Search(ctx context.Context, arms []ArmQuery) ([][]Hit, error) {
	c, err := callerOf(ctx)
	if err != nil {
		return nil, err
	}
	arms = slices.Clone(arms)
	for i := range arms {
		arms[i].Filter = c.filter(arms[i].Filter)
	}
	found, err := b.inner.Search(ctx, arms)
	for i, hits := range found {
		// What only another arm found is checked there.
		found[i] = slices.DeleteFunc(hits, func(h Hit) bool { return !h.Other && !c.owns(h.DocumentID) })
		for j := range found[i] {
			found[i][j].DocumentID = c.id(found[i][j].DocumentID)
		}
	}
	return found, c.reworded(err)
}

func (b *bound) Chunks(ctx context.Context, ids []corpus.ChunkID, with Fields) ([]Point, error) {
	c, err := callerOf(ctx)
	if err != nil {
		return nil, err
	}
	read := with
	if c.Restricted() {
		read |= WithDocument
	}
	if _, able := able[MemoryFilter](b.inner); able {
		if ids, err = b.kept(ctx, ids); err != nil {
			return nil, err
		}
	}
	// Another write may have changed who sees a document since.
	points, err := b.inner.Chunks(ctx, ids, read)
	points = slices.DeleteFunc(points, func(p Point) bool { return !c.owns(p.Chunk.DocumentID) })
	kept := points[:0]
	for _, p := range points {
		p.Chunk.DocumentID = c.id(p.Chunk.DocumentID)
		if p.Document != nil {
			p.Document.ID = p.Chunk.DocumentID
			if !c.sees(p.Document) {
				continue
			}
			if with&WithDocument == 0 {
				p.Document = nil
			}
		}
		kept = append(kept, p)
	}
	return kept, c.reworded(err)
}

func (b *bound) Vocabulary(ctx context.Context) (Vocabulary, error) {
	c, err := callerOf(ctx)
	if err != nil {
		return nil, err
	}
	return TenantVocabulary(ctx, b.inner, c.Tenant)
}

func (b *bound) Settings(ctx context.Context) (Settings, error) {
	if _, err := callerOf(ctx); err != nil {
		return Settings{}, err
	}
	return b.inner.Settings(ctx)
}

func (b *bound) Documents(ctx context.Context, after string, limit int) ([]Record, error) {
	c, err := callerOf(ctx)
	if err != nil {
		return nil, err
	}
	var seen []Record
	for {
		page, err := TenantDocuments(ctx, b.inner, c.Tenant, after, limit)
		if err != nil {
			return nil, c.reworded(err)
		}
		for _, held := range page {
			if !c.owns(held.Document.ID) {
				return seen, nil
			}
			r := c.record(held)
			if after = r.Document.ID; c.sees(&r.Document) {
				if seen = append(seen, r); len(seen) == limit {
					return seen, nil
				}
			}
		}
		if len(page) < limit {
			return seen, nil
		}
	}
}

func (b *bound) Document(ctx context.Context, id string) (Record, error) {
	c, err := callerOf(ctx)
	if err != nil {
		return Record{}, err
	}
	r, seen, err := b.document(ctx, c, id)
	if err == nil && !seen {
		return Record{}, notFound(id)
	}
	return r, err
}

// document reads a document of the tenant, and says whether the caller sees it.
func (b *bound) document(ctx context.Context, c *caller, id string) (r Record, seen bool, err error) {
	key, possible := c.key(id)
	if !possible {
		return Record{}, false, notFound(id)
	}
	held, err := b.inner.Document(ctx, key)
	if errors.Is(err, corpus.ErrNotFound) {
		return Record{}, false, notFound(id)
	}
	if err != nil {
		return Record{}, false, c.reworded(err)
	}
	r = c.record(held)
	return r, c.sees(&r.Document), nil
}

func (b *bound) Fingerprints(ctx context.Context, ids []string) (map[string]string, error) {
	c, err := callerOf(ctx)
	if err != nil {
		return nil, err
	}
	held, err := b.inner.Fingerprints(ctx, c.keys(ids))
	if err != nil {
		return nil, c.reworded(err)
	}
	return seen(ctx, b, c, held)
}

func (b *bound) Versions(ctx context.Context, ids []string) (map[string]int64, error) {
	c, err := callerOf(ctx)
	if err != nil {
		return nil, err
	}
	held, err := b.inner.Versions(ctx, c.keys(ids))
	if err != nil {
		return nil, c.reworded(err)
	}
	return seen(ctx, b, c, held)
}

// seen returns what the store has by key, by id, without documents that exist and that
// the caller does not see.
func seen[T any](ctx context.Context, b *bound, c *caller, held map[string]T) (map[string]T, error) {
	if c.Tenant == "" && !c.Restricted() {
		return held, nil
	}
	byID := make(map[string]T, len(held))
	for key, v := range held {
		id := c.id(key)
		if c.Restricted() {
			_, sees, err := b.document(ctx, c, id)
			if err != nil && !errors.Is(err, corpus.ErrNotFound) {
				return nil, err
			}
			if err == nil && !sees {
				continue
			}
		}
		byID[id] = v
	}
	return byID, nil
}

func (b *bound) Expired(ctx context.Context, limit int) (ids []string, err error) {
	if err := CheckLimit(limit); err != nil {
		return nil, err
	}
	err = Each(ctx, b, func(r Record) error {
		if r.Expired && len(ids) < limit {
			ids = append(ids, r.Document.ID)
		}
		return ctx.Err()
	})
	return ids, err
}

func (b *bound) Stats(ctx context.Context) (corpus.Stats, error) {
	c, err := callerOf(ctx)
	if err != nil {
		return corpus.Stats{}, err
	}
	stats, err := TenantStats(ctx, b.inner, c.Tenant)
	if err == nil && c.Restricted() {
		terms := stats.Terms
		stats, err = count(func(after string) ([]Record, error) { return b.Documents(ctx, after, eachPage) })
		stats.Terms = terms
	}
	if c.Tenant != "" {
		stats.DiskBytes = 0 // of all tenants
	}
	return stats, c.reworded(err)
}
