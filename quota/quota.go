// Package quota limits how many documents, passages and bytes a tenant may keep in a
// store, and how many source versions of deleted documents. Start with [New], which wraps
// a store; every write that goes through it reserves what it adds before it is written.
package quota

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"dalil/corpus"
	"dalil/store"
)

// Options tune a [Store].
type Options struct {
	// Of returns the quota of a tenant; the zero Quota limits nothing.
	Of func(tenant string) corpus.Quota
	// Recount is how often the documents of a tenant are counted again, because other
	// processes write to the same collection; 0: never, this process is the only writer.
	Recount time.Duration
	Now     func() time.Time // nil: time.Now
}

// Store is a store whose tenants have quotas. The ids of its documents are keys (see
// [corpus.TenantKey]).
//
// The documents of a tenant are counted at its first write. From then on, a write
// reserves what it adds, and is refused with a [corpus.QuotaError] if that is more than
// is left. So concurrent writes never exceed a quota together. A document that is
// replaced counts once: only what it grows by is reserved, and a document that does not
// grow is never refused. If it is not known whether a write took effect, its reservation
// stays until the tenant is counted again, which happens when a later write would be
// refused.
//
// A deletion gives back what the document used, but may keep its source version. A
// document can always be deleted. So when no versions are left, documents that are new,
// and deletions that keep the version of an id without a document, are refused.
type Store struct {
	store.Store
	options Options
	writing *writing

	mu       sync.Mutex
	accounts map[string]*account
}

// New returns a store that enforces quotas on s.
func New(s store.Store, options Options) *Store {
	if options.Now == nil {
		options.Now = time.Now
	}
	return &Store{Store: s, options: options, writing: newWriting(), accounts: map[string]*account{}}
}

// Unwrap returns the store without quotas.
func (s *Store) Unwrap() store.Store { return s.Store }

// account returns the account of a tenant; nil: it has no quota.
func (s *Store) account(tenant string) *account {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.accounts[tenant]
	if a != nil {
		return a
	}
	limit := s.options.Of(tenant)
	if limit.IsZero() {
		return nil
	}
	a = &account{tenant: tenant, limit: limit}
	s.accounts[tenant] = a
	return a
}

// Put writes the documents that their tenants have room for. The error of each other
// document is a [corpus.QuotaError].
func (s *Store) Put(ctx context.Context, entries []store.Entry) error {
	limited := false
	for i := range entries {
		limited = s.account(tenantOf(entries[i].Document.ID)) != nil || limited
	}
	if !limited {
		return s.Store.Put(ctx, entries)
	}
	last := map[string]int{} // of two entries for one document, the later one remains
	var ids []string
	for i := range entries {
		if _, twice := last[entries[i].Document.ID]; !twice {
			ids = append(ids, entries[i].Document.ID)
		}
		last[entries[i].Document.ID] = i
	}
	defer s.writing.lock(ids)()
	accounts := s.accountsOf(ids)
	if err := s.counted(ctx, accounts, s.options.Recount); err != nil {
		return err
	}
	written := map[string]bool{}
	over, failed := map[string]error{}, map[string]error{}
	for _, again := range []bool{false, true} {
		var todo []store.Entry
		for i := range entries {
			if id := entries[i].Document.ID; last[id] == i && !written[id] {
				todo = append(todo, entries[i])
			}
		}
		clear(over)
		recount, err := s.put(ctx, accounts, todo, written, over, failed)
		if err != nil {
			return err
		}
		if again || !recount {
			break
		}
		if err := s.counted(ctx, accounts, fresh); err != nil {
			return err
		}
	}
	maps.Copy(failed, over)
	first := slices.IndexFunc(ids, func(id string) bool { return failed[id] != nil })
	return store.Failure(failed, ids[max(first, 0)], len(ids))
}

// fresh is how old a count may be that refuses a write.
const fresh = time.Minute

// put reserves and writes once. It adds to written what needs no second try, to over the
// documents that exceed a quota, and to failed the errors of the store. recount: the
// count that refused a document was too old.
func (s *Store) put(ctx context.Context, accounts []*account, entries []store.Entry, written map[string]bool, over, failed map[string]error) (recount bool, err error) {
	for _, a := range accounts {
		a.counting.RLock()
		defer a.counting.RUnlock()
	}
	ids := make([]string, len(entries))
	for i := range entries {
		ids[i] = entries[i].Document.ID
	}
	held, err := sizes(ctx, s.Store, ids)
	if err != nil {
		return false, err
	}
	var kept []store.Entry
	grown := map[string]corpus.Usage{}
	for i := range entries {
		id := entries[i].Document.ID
		a := s.account(tenantOf(id))
		if a != nil {
			grown[id] = size(&entries[i]).Minus(held[id])
			if why := a.reserve(grown[id]); why != nil {
				over[id] = why
				recount = recount || a.old(s.options.Now(), fresh)
				continue
			}
		}
		kept = append(kept, entries[i])
	}
	if len(kept) == 0 {
		return recount, nil
	}
	errs, all := failures(s.Store.Put(ctx, kept), len(kept), kept[0].Document.ID)
	for i := range kept {
		id := kept[i].Document.ID
		written[id] = true
		why, is := errs[id]
		if all != nil {
			why, is = all, true
		}
		if a := s.account(tenantOf(id)); a != nil {
			a.settle(grown[id], !is, is && (all != nil || uncertain(why)))
		}
		if is && all == nil {
			failed[id] = why
		}
	}
	return recount, all
}

// failures returns the errors by document, or one that is about all.
func failures(err error, n int, first string) (map[string]error, error) {
	var some *store.PutError
	switch {
	case err == nil:
		return nil, nil
	case errors.As(err, &some):
		return some.Failed, nil
	case n == 1:
		return map[string]error{first: err}, nil
	}
	return nil, err
}

// uncertain reports whether a write that failed may have taken effect.
func uncertain(err error) bool {
	switch corpus.KindOf(err) {
	case corpus.ErrInvalid, corpus.ErrStale, corpus.ErrNotFound:
		return false
	}
	var unmet *corpus.ConditionError
	return !errors.As(err, &unmet)
}

func tenantOf(key string) string {
	tenant, _ := corpus.SplitKey(key)
	return tenant
}

// accountsOf returns the accounts of documents in the order of their tenants, which is
// the order in which they are locked.
func (s *Store) accountsOf(ids []string) (accounts []*account) {
	var tenants []string
	for _, id := range ids {
		tenants = append(tenants, tenantOf(id))
	}
	slices.Sort(tenants)
	for _, tenant := range slices.Compact(tenants) {
		if a := s.account(tenant); a != nil {
			accounts = append(accounts, a)
		}
	}
	return accounts
}

// counted counts the documents of each account that was not counted yet, or whose count
// is uncertain or older than age; age 0: any age will do.
func (s *Store) counted(ctx context.Context, accounts []*account, age time.Duration) error {
	for _, a := range accounts {
		if a.known() && (age == 0 || !a.old(s.options.Now(), age)) {
			continue
		}
		if err := a.count(ctx, s.Store, s.options.Now, age); err != nil {
			return err
		}
	}
	return nil
}

// Used is how much of its quota a tenant uses.
type Used struct {
	Tenant string
	Usage  corpus.Usage
	Quota  corpus.Quota
}

// Used returns the tenants with a quota that were counted.
func (s *Store) Used() (all []Used) {
	s.mu.Lock()
	accounts := make([]*account, 0, len(s.accounts))
	for _, a := range s.accounts {
		accounts = append(accounts, a)
	}
	s.mu.Unlock()
	for _, a := range accounts {
		if a.known() {
			all = append(all, Used{a.tenant, a.usage(), a.limit})
		}
	}
	return all
}
