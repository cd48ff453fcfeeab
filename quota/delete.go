package quota

import (
	"context"
	"maps"
	"slices"

	"dalil/corpus"
	"dalil/store"
)

// Delete deletes documents, and gives back what they used.
func (s *Store) Delete(ctx context.Context, ids []string) error {
	deletions := make([]corpus.Deletion, len(ids))
	for i, id := range ids {
		deletions[i].ID = id
	}
	return s.deleting(ctx, deletions, func([]corpus.Deletion) error { return s.Store.Delete(ctx, ids) })
}

// DeleteIf deletes documents, and gives back what those used that are gone. The error of a
// deletion for whose source version the tenant has no room is a [corpus.QuotaError].
func (s *Store) DeleteIf(ctx context.Context, deletions []corpus.Deletion) error {
	return s.deleting(ctx, deletions, func(some []corpus.Deletion) error { return s.Store.DeleteIf(ctx, some) })
}

// EraseTenant removes what is kept of a tenant that has no documents.
func (s *Store) EraseTenant(ctx context.Context, tenant string) error {
	if a := s.account(tenant); a != nil {
		defer a.settle(corpus.Usage{}, false, true)
	}
	return store.EraseTenant(ctx, s.Store, tenant)
}

func (s *Store) deleting(ctx context.Context, deletions []corpus.Deletion, remove func([]corpus.Deletion) error) error {
	limited, versioned := s.limited(deletions)
	if len(limited) == 0 {
		return remove(deletions)
	}
	defer s.writing.lock(limited)()
	accounts := s.accountsOf(limited)
	if err := s.countedForVersions(ctx, s.accountsOf(versioned)); err != nil {
		return err
	}
	for _, a := range accounts {
		a.counting.RLock()
		defer a.counting.RUnlock()
	}
	before, err := sizes(ctx, s.Store, limited)
	if err != nil {
		return err
	}
	reserved, failed := map[string]bool{}, map[string]error{}
	kept := slices.DeleteFunc(slices.Clone(deletions), func(d corpus.Deletion) bool {
		a := s.account(tenantOf(d.ID))
		if a == nil || d.SourceVersion == nil || d.Expired || before[d.ID] != (corpus.Usage{}) || reserved[d.ID] {
			return false
		}
		why := a.reserve(corpus.Usage{Versions: 1})
		if why != nil {
			failed[d.ID] = why
		} else {
			reserved[d.ID] = true
		}
		return why != nil
	})
	var all error
	if len(kept) > 0 {
		var errs map[string]error
		errs, all = failures(remove(kept), len(kept), kept[0].ID)
		maps.Copy(failed, errs)
	}
	after, err := sizes(context.WithoutCancel(ctx), s.Store, limited)
	for _, id := range limited {
		a := s.account(tenantOf(id))
		changed := after[id].Minus(before[id])
		switch {
		case err != nil:
			a.settle(corpus.Usage{}, false, true)
			continue
		case after[id].Documents > 0: // it is still there, or another process has written it
			changed = corpus.Usage{}
		}
		if reserved[id] {
			changed.Versions--
		}
		a.add(changed)
	}
	if all != nil {
		return all
	}
	first := slices.IndexFunc(deletions, func(d corpus.Deletion) bool { return failed[d.ID] != nil })
	return store.Failure(failed, deletions[max(first, 0)].ID, len(deletions))
}

// limited returns the documents whose tenants have an account that was counted, and those
// of which the deletion may keep a version that counts, each once.
func (s *Store) limited(deletions []corpus.Deletion) (all, versioned []string) {
	for i := range deletions {
		a := s.account(tenantOf(deletions[i].ID))
		if a == nil {
			continue
		}
		counts := deletions[i].SourceVersion != nil && a.limit.Versions > 0
		if counts {
			versioned = append(versioned, deletions[i].ID)
		}
		if counts || a.known() {
			all = append(all, deletions[i].ID)
		}
	}
	slices.Sort(all)
	return slices.Compact(all), versioned
}

// countedForVersions counts the accounts that were not counted yet, and those whose
// count is too old to refuse a deletion.
func (s *Store) countedForVersions(ctx context.Context, accounts []*account) error {
	if err := s.counted(ctx, accounts, s.options.Recount); err != nil {
		return err
	}
	full := slices.DeleteFunc(accounts, func(a *account) bool { return a.usage().Versions < a.limit.Versions })
	return s.counted(ctx, full, fresh)
}
