package local

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"time"

	"dalil/corpus"
	"dalil/store"
)

var (
	_ store.TenantReader = (*Store)(nil)
	_ store.TenantEraser = (*Store)(nil)
	_ store.MemoryFilter = (*Store)(nil)
)

// TenantVocabulary returns the vocabulary of a tenant's passages in the current state of
// the index.
func (s *Store) TenantVocabulary(ctx context.Context, tenant string) (store.Vocabulary, error) {
	return s.state.Load().vocabulary(tenant), ctx.Err()
}

// TenantStats counts a tenant's documents and passages that are not deleted. The time of
// the last write is that of the newest document.
func (s *Store) TenantStats(ctx context.Context, tenant string) (stats corpus.Stats, err error) {
	state := s.state.Load()
	defer runtime.KeepAlive(state)
	if tenant == "" && !state.tenants() {
		return s.Stats(ctx)
	}
	stats.Languages, stats.DiskBytes = map[string]int{}, folderSize(s.folder)
	var terms [][]uint32
	newest := int64(0)
	for _, p := range state.of(tenant).parts {
		stats.Documents += p.count
		stats.Passages += p.passages
		terms = append(terms, p.dimensions())
		left := p.count
		p.view.eachValue([]byte{byte(corpus.FieldLanguage)}, func(value []byte, documents []uint32) {
			for _, d := range documents {
				if p.documents.has(d) {
					stats.Languages[string(value)]++
					left--
				}
			}
		})
		if left > 0 {
			stats.Languages[""] += left
		}
		p.documents.runs(uint32(len(p.view.keys)), func(_, to uint32) { newest = max(newest, p.view.keys[to-1]) })
	}
	all := slices.Concat(terms...)
	slices.Sort(all)
	stats.Terms = len(slices.Compact(all))
	if newest == 0 {
		return stats, ctx.Err()
	}
	err = s.read(ctx, "read statistics", func(r *reading) error {
		var updated int64
		err := r.connection.QueryRowContext(ctx, "SELECT updated FROM document WHERE key = ?", newest).Scan(&updated)
		if errors.Is(err, sql.ErrNoRows) { // replaced meanwhile
			updated, err = state.updated, nil
		}
		stats.UpdatedAt = time.UnixMicro(updated).UTC()
		return err
	})
	return stats, err
}

// TenantDocuments lists documents of a tenant in ascending order of ids.
func (s *Store) TenantDocuments(ctx context.Context, tenant, after string, limit int) ([]store.Record, error) {
	from, until := corpus.TenantRange(tenant)
	return s.page(ctx, max(from, corpus.TenantKey(tenant, after)), until, limit)
}

// Tenants returns the names of the tenants that have documents.
func (s *Store) Tenants(ctx context.Context) ([]string, error) {
	state := s.state.Load()
	defer runtime.KeepAlive(state)
	found := map[string]bool{}
	for i := range state.views {
		v := &state.views[i]
		v.eachValue([]byte{byte(corpus.FieldTenant)}, func(value []byte, documents []uint32) {
			if name := string(value); name != "" && !found[name] && slices.ContainsFunc(documents, func(d uint32) bool { return !v.dead.has(d) }) {
				found[name] = true
			}
		})
	}
	return slices.Sorted(maps.Keys(found)), ctx.Err()
}

// EraseTenant removes the source versions that are kept of a tenant's deleted documents.
func (s *Store) EraseTenant(ctx context.Context, tenant string) error {
	if tenant == "" {
		return corpus.Invalid("tenant", "is empty")
	}
	state, held := s.state.Load(), 0
	defer runtime.KeepAlive(state)
	for _, p := range state.of(tenant).parts {
		held += p.count
	}
	if held > 0 {
		return corpus.Refused("tenant %s has %d documents; delete them first", tenant, held)
	}
	if err := s.submit(ctx, &request{erased: tenant}); err != nil {
		return fmt.Errorf("erase tenant %s: %w", tenant, err)
	}
	return nil
}

// Kept reports which passages are of documents that a filter keeps, in one state of the
// index. What it reads does not depend on whether a passage exists.
func (s *Store) Kept(ctx context.Context, ids []corpus.ChunkID, f corpus.Filter) ([]bool, error) {
	kept := make([]bool, len(ids))
	state := s.state.Load()
	defer runtime.KeepAlive(state)
	if !slices.ContainsFunc(state.views, func(v view) bool { return !v.keepsAll(&f) }) {
		for i := range kept {
			kept[i] = true
		}
		return kept, ctx.Err()
	}
	matching := make(map[*view]bitmap, len(state.views))
	for i := range state.views {
		v := &state.views[i]
		matching[v] = v.keeps(&f, s.clauses)
	}
	for i, id := range ids {
		if p, held := state.find(id); held {
			kept[i] = matching[p.view].has(p.document)
		}
	}
	return kept, ctx.Err()
}

// FiltersInMemory says that Kept does.
func (s *Store) FiltersInMemory() {}

// keeps returns the documents that a filter keeps. If it only names a tenant, they are those
// that the view keeps for the tenant. The set must not be changed.
func (v *view) keeps(f *corpus.Filter, c clauses) bitmap {
	tenant, bound := store.TenantOf(*f)
	if !bound || len(f.All) != 1 {
		return v.matching(f, tenant, c)
	}
	if part := v.tenant(tenant); part != nil {
		return part.documents
	}
	return nil
}
