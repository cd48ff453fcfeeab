package store

import (
	"context"
	"fmt"
	"slices"

	"dalil/corpus"
)

// TenantReader is a store that reads what belongs to one tenant without reading what
// belongs to others. A tenant of "" is the one without a name. Fallback: [Bound] reads
// the ranges of keys with [Reader.Documents], and the weights of terms come from the
// documents of all tenants.
type TenantReader interface {
	// TenantVocabulary returns the vocabulary of the passages of a tenant. A sparse arm
	// of [Reader.Search] whose filter names one tenant (see [TenantOf]) weighs terms
	// with it.
	TenantVocabulary(ctx context.Context, tenant string) (Vocabulary, error)
	// TenantStats counts the documents of a tenant.
	TenantStats(ctx context.Context, tenant string) (corpus.Stats, error)
	// TenantDocuments lists documents of a tenant, as [Reader.Documents] does. after is
	// an id; the ids of the records are keys.
	TenantDocuments(ctx context.Context, tenant, after string, limit int) ([]Record, error)
	// Tenants returns the names of the tenants that have documents, in ascending order,
	// without the empty one.
	Tenants(ctx context.Context) ([]string, error)
}

// PassageFilter is a store that can apply a filter to passages that are named. Fallback:
// [Reader.Chunks] reads their documents, see [Kept].
type PassageFilter interface {
	// Kept reports, in the order of ids, which passages exist and are of a document that
	// the filter keeps. One whose document is not visible may count as gone.
	Kept(ctx context.Context, ids []corpus.ChunkID, f corpus.Filter) ([]bool, error)
}

// MemoryFilter is a [PassageFilter] that reads memory alone, in a time that does not
// depend on whether a passage exists. A store of [Bound] calls it before it reads passages,
// so that the time of the call does not depend on passages that the caller does not see.
// Fallback: the passages are read, and those that the caller does not see are dropped.
type MemoryFilter interface {
	PassageFilter
	// FiltersInMemory marks the ability.
	FiltersInMemory()
}

// able returns the first store with an ability: r, or one that it wraps.
func able[T any](r Reader) (T, bool) {
	for {
		if a, is := r.(T); is {
			return a, true
		}
		wrapper, wraps := r.(Wrapper)
		if !wraps {
			var none T
			return none, false
		}
		r = wrapper.Unwrap()
	}
}

// TenantOf returns the tenant that a filter names: a clause about [corpus.FieldTenant]
// with one value, which is the filter or one of All. It is not bound if there is none.
func TenantOf(f corpus.Filter) (tenant string, bound bool) {
	clauses := f.All
	if f.In != nil {
		clauses = []corpus.Filter{f}
	}
	for _, c := range clauses {
		if c.In != nil && c.In.Field == corpus.FieldTenant && len(c.In.Values) == 1 {
			if tenant = c.In.Values[0]; tenant == corpus.Everyone {
				tenant = ""
			}
			return tenant, true
		}
	}
	return "", false
}

// TenantVocabulary is [TenantReader.TenantVocabulary] for every store.
func TenantVocabulary(ctx context.Context, r Reader, tenant string) (Vocabulary, error) {
	if a, is := able[TenantReader](r); is {
		return a.TenantVocabulary(ctx, tenant)
	}
	return r.Vocabulary(ctx)
}

// TenantStats is [TenantReader.TenantStats] for every store. Without the ability, the
// number of terms is 0.
func TenantStats(ctx context.Context, r Reader, tenant string) (corpus.Stats, error) {
	if a, is := able[TenantReader](r); is {
		return a.TenantStats(ctx, tenant)
	}
	return count(func(after string) ([]Record, error) { return TenantDocuments(ctx, r, tenant, after, eachPage) })
}

// count counts the documents of a listing, whose ids may be keys.
func count(page func(after string) ([]Record, error)) (stats corpus.Stats, err error) {
	stats.Languages = map[string]int{}
	for after := ""; ; {
		records, err := page(after)
		if err != nil || len(records) == 0 {
			return stats, err
		}
		for i := range records {
			stats.Documents++
			stats.Passages += records[i].Chunks
			stats.Languages[records[i].Document.Language]++
			if at := records[i].UpdatedAt; at.After(stats.UpdatedAt) {
				stats.UpdatedAt = at
			}
		}
		_, after = corpus.SplitKey(records[len(records)-1].Document.ID)
	}
}

// TenantDocuments is [TenantReader.TenantDocuments] for every store.
func TenantDocuments(ctx context.Context, r Reader, tenant, after string, limit int) ([]Record, error) {
	if a, is := able[TenantReader](r); is {
		return a.TenantDocuments(ctx, tenant, after, limit)
	}
	from, until := corpus.TenantRange(tenant)
	page, err := r.Documents(ctx, max(from, corpus.TenantKey(tenant, after)), limit)
	if end := slices.IndexFunc(page, func(d Record) bool { return until != "" && d.Document.ID >= until }); end >= 0 {
		page = page[:end]
	}
	return page, err
}

// Tenants is [TenantReader.Tenants] for every store.
func Tenants(ctx context.Context, r Reader) (tenants []string, err error) {
	if a, is := able[TenantReader](r); is {
		return a.Tenants(ctx)
	}
	for after := ""; ; {
		page, err := r.Documents(ctx, after, 1)
		if err != nil || len(page) == 0 {
			return tenants, err
		}
		tenant, _ := corpus.SplitKey(page[0].Document.ID)
		if tenant == "" {
			if nameless, _ := corpus.TenantRange(""); page[0].Document.ID > nameless {
				return tenants, nil
			}
			after = page[0].Document.ID
			continue
		}
		tenants = append(tenants, tenant)
		_, after = corpus.TenantRange(tenant)
	}
}

// Kept is [PassageFilter.Kept] for every store.
func Kept(ctx context.Context, r Reader, ids []corpus.ChunkID, f corpus.Filter) ([]bool, error) {
	if a, is := able[PassageFilter](r); is {
		return a.Kept(ctx, ids, f)
	}
	kept := make([]bool, len(ids))
	at := map[corpus.ChunkID]bool{}
	points, err := r.Chunks(ctx, ids, WithDocument)
	if err != nil {
		return nil, fmt.Errorf("read %d passages: %w", len(ids), err)
	}
	for i := range points {
		at[points[i].Chunk.ID] = f.Match(points[i].Document)
	}
	for i, id := range ids {
		kept[i] = at[id]
	}
	return kept, nil
}
