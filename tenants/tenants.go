// Package tenants lists the tenants of an index, counts what each keeps, and deletes
// them. Start with [New].
package tenants

import (
	"context"
	"fmt"

	"dalil/corpus"
	"dalil/quota"
	"dalil/store"
)

// Lend calls do with the active collection, which is bound to no tenant, and keeps it
// open until do returns.
type Lend func(do func(store.Store) error) error

// Tenants answers calls about tenants. It is safe for concurrent use.
type Tenants struct {
	lend  Lend
	quota func(tenant string) corpus.Quota
}

// New returns Tenants of the index that lend lends. quota returns the limits of a tenant.
func New(lend Lend, quota func(tenant string) corpus.Quota) *Tenants {
	return &Tenants{lend, quota}
}

// Names returns the tenants that have documents, in ascending order, without the one that
// has no name.
func (t *Tenants) Names(ctx context.Context) (names []string, err error) {
	err = t.lend(func(s store.Store) (err error) {
		names, err = store.Tenants(ctx, s)
		return err
	})
	return names, err
}

// Usage counts what a tenant keeps, and returns its limits.
func (t *Tenants) Usage(ctx context.Context, tenant string) (used corpus.Usage, limits corpus.Quota, err error) {
	if err := check(tenant); err != nil {
		return used, limits, err
	}
	err = t.lend(func(s store.Store) (err error) {
		used, err = quota.Count(ctx, s, tenant)
		return err
	})
	return used, t.quota(tenant), err
}

func check(tenant string) error {
	if wrong := corpus.TenantViolations("tenant", tenant); len(wrong) > 0 {
		return &corpus.InvalidError{Violations: wrong}
	}
	return nil
}

const (
	// eraseBatch is how many documents are deleted in one call of the store.
	eraseBatch = 256
	// eraseRounds is how often the deletion begins again because documents were written
	// meanwhile.
	eraseRounds = 3
)

// Erase deletes all documents of a named tenant, and what else the store keeps of it.
// With dryRun it only counts the documents. It succeeds only if the store then counts no
// document and no passage of the tenant, and lists none. After an error, documents may
// be left; calling it again is safe.
func (t *Tenants) Erase(ctx context.Context, tenant string, dryRun bool, progress func(corpus.Progress)) (documents int, err error) {
	if err := check(tenant); err != nil {
		return 0, err
	}
	if tenant == "" {
		return 0, corpus.Invalid("tenant", "is empty; to delete the documents of the tenant without a name, delete them all")
	}
	total := 0
	err = t.lend(func(s store.Store) error {
		stats, err := store.TenantStats(ctx, s, tenant)
		total = stats.Documents
		return err
	})
	if err != nil || dryRun {
		return total, err
	}
	for range eraseRounds {
		n, err := t.deleteAll(ctx, tenant, total-documents+eraseBatch, func(done int) {
			progress(corpus.Progress{Step: "delete", Done: documents + done, Total: max(total, documents+done)})
		})
		documents += n
		if err != nil {
			return documents, fmt.Errorf("%d documents of tenant %s were deleted: %w", documents, tenant, err)
		}
		progress(corpus.Progress{Step: "count what is left", Done: documents, Total: documents})
		left, err := t.left(ctx, tenant)
		if err != nil || left == (corpus.Usage{}) {
			return documents, err
		}
		total = documents + int(left.Documents)
	}
	return documents, corpus.Refused("tenant %s was written to while it was deleted, and has documents again; revoke its credentials first, and repeat the deletion", tenant)
}

// deleteAll deletes the documents page by page, about as many as most at most, because a
// writer may be as fast. Each batch uses the collection that is active at that time.
func (t *Tenants) deleteAll(ctx context.Context, tenant string, most int, progress func(done int)) (deleted int, err error) {
	for deleted < most {
		n := 0
		err := t.lend(func(s store.Store) error {
			page, err := store.TenantDocuments(ctx, s, tenant, "", eraseBatch)
			if err != nil || len(page) == 0 {
				return err
			}
			ids := make([]string, len(page))
			for i := range page {
				ids[i] = page[i].Document.ID
			}
			if err := s.Delete(ctx, ids); err != nil {
				return err
			}
			n = len(ids)
			return nil
		})
		if deleted += n; err != nil || n == 0 {
			return deleted, err
		}
		progress(deleted)
	}
	return deleted, nil
}

// left removes what the store keeps beside the documents, and counts what it still has:
// the store's own counts, and the documents of a listing, whichever are more.
func (t *Tenants) left(ctx context.Context, tenant string) (left corpus.Usage, err error) {
	err = t.lend(func(s store.Store) error {
		page, err := store.TenantDocuments(ctx, s, tenant, "", eraseBatch)
		if err != nil {
			return err
		}
		left.Documents = int64(len(page))
		if len(page) > 0 {
			return nil
		}
		if err := store.EraseTenant(ctx, s, tenant); err != nil {
			return err
		}
		stats, err := store.TenantStats(ctx, s, tenant)
		left = corpus.Usage{Documents: int64(stats.Documents), Passages: int64(stats.Passages)}
		return err
	})
	return left, err
}
