package qdrant

import (
	"context"
	"sync"
	"time"

	"dalil/corpus"
	"dalil/store"
)

// vocabularies has the vocabulary of each tenant. That of the tenant without a name is
// in memory always. Another is read when its tenant is searched or written to, and
// dropped when it was not used for a while.
type vocabularies struct {
	store *Store

	mu sync.RWMutex
	by map[string]*vocabulary
}

func newVocabularies(s *Store) *vocabularies {
	return &vocabularies{store: s, by: map[string]*vocabulary{"": newVocabulary(s, "")}}
}

// of returns the vocabulary of a tenant. That of a named one may not have the counts of
// other processes yet, see read.
func (all *vocabularies) of(tenant string) *vocabulary {
	all.mu.RLock()
	v := all.by[tenant]
	all.mu.RUnlock()
	if v != nil {
		return v
	}
	all.mu.Lock()
	defer all.mu.Unlock()
	return all.make(tenant)
}

// make returns the vocabulary of a tenant. The caller holds the lock.
func (all *vocabularies) make(tenant string) *vocabulary {
	v := all.by[tenant]
	if v == nil {
		v = newVocabulary(all.store, tenant)
		all.by[tenant] = v
	}
	return v
}

// read returns the vocabulary of a tenant with the counts of all processes.
func (all *vocabularies) read(ctx context.Context, tenant string) (*vocabulary, error) {
	v := all.of(tenant)
	v.used.Store(true)
	if tenant == "" {
		return v, nil
	}
	v.loading.Lock()
	defer v.loading.Unlock()
	if v.loaded {
		return v, nil
	}
	if _, err := v.refresh(ctx); err != nil {
		return nil, err
	}
	v.loaded = true
	return v, nil
}

// replaced counts the passages of a document that was replaced or deleted.
func (all *vocabularies) replaced(documentID string, went []corpus.Sparse, came []store.Point) {
	tenant, _ := corpus.SplitKey(documentID)
	all.mu.RLock()
	v := all.by[tenant]
	if v != nil { // it is not dropped meanwhile
		v.replaced(went, came)
	}
	all.mu.RUnlock()
	if v == nil {
		all.mu.Lock()
		defer all.mu.Unlock()
		all.make(tenant).replaced(went, came)
	}
}

// drop forgets a tenant's vocabulary with the counts that are not stored yet.
func (all *vocabularies) drop(tenant string) {
	all.mu.Lock()
	defer all.mu.Unlock()
	delete(all.by, tenant)
}

// dropIdle forgets a vocabulary if everything in it is stored.
func (all *vocabularies) dropIdle(v *vocabulary) {
	all.mu.Lock()
	defer all.mu.Unlock()
	v.mu.Lock()
	defer v.mu.Unlock()
	if !v.changed && v.tenant != "" {
		delete(all.by, v.tenant)
	}
}

func (all *vocabularies) each(do func(*vocabulary) error) error {
	all.mu.RLock()
	list := make([]*vocabulary, 0, len(all.by))
	for _, v := range all.by {
		list = append(list, v)
	}
	all.mu.RUnlock()
	for _, v := range list {
		if err := do(v); err != nil {
			return err
		}
	}
	return nil
}

func (all *vocabularies) flush(ctx context.Context) error {
	return all.each(func(v *vocabulary) error { return v.flush(ctx) })
}

func (all *vocabularies) fold(ctx context.Context) error {
	return all.each(func(v *vocabulary) error { return v.fold(ctx) })
}

// refresh reads the tables of other processes. It drops the vocabularies that nobody
// read since the last time. If a sum is far off in two reads in a row, everything is
// counted again. After a single read, a writer may still be working.
func (all *vocabularies) refresh(ctx context.Context) error {
	return all.each(func(v *vocabulary) error {
		if v.tenant != "" && !v.used.Swap(false) {
			if all.store.wrote.Load() {
				if _, err := v.refresh(ctx); err != nil {
					return err
				}
				if err := v.fold(ctx); err != nil {
					return err
				}
			}
			all.dropIdle(v)
			return nil
		}
		off, err := v.refresh(ctx)
		if err == nil && off && v.off {
			all.store.options.Log.Info("term counts are off and are counted anew")
			off, err = false, v.recount(ctx)
		}
		v.off = off
		return err
	})
}

// run stores this process's own tables while they change, and reads those of others,
// until the context ends.
func (all *vocabularies) run(ctx context.Context) {
	options := &all.store.options
	refresh := time.NewTicker(options.RefreshVocabulary)
	store := time.NewTicker(min(flushEvery, options.RefreshVocabulary))
	defer refresh.Stop()
	defer store.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-store.C:
			err = all.each(func(v *vocabulary) error {
				v.mergeLate()
				return v.flush(ctx)
			})
		case <-refresh.C:
			if err := all.store.healAgain(ctx); err != nil && ctx.Err() == nil {
				options.Log.Warn("the remains of an interrupted write could not be removed; they are removed later", "error", err)
			}
			if err = all.store.lookForTenants(ctx); err == nil {
				err = all.refresh(ctx)
			}
		}
		if err != nil && ctx.Err() == nil {
			options.Log.Warn("term counts could not be updated", "error", err)
		}
	}
}

// flushEvery is the time whose counts a killed process loses at most.
const flushEvery = 5 * time.Second

// Vocabulary returns the newest snapshot of the tenant without a name. Writes of this
// process are in it at once if the collection is small, and within seconds if it is
// large.
func (s *Store) Vocabulary(ctx context.Context) (store.Vocabulary, error) {
	return s.TenantVocabulary(ctx, "")
}

// TenantVocabulary returns the newest snapshot of a tenant, as Vocabulary does. The
// first call for a named tenant reads its counts from the server.
func (s *Store) TenantVocabulary(ctx context.Context, tenant string) (store.Vocabulary, error) {
	if s.closed.Load() {
		return nil, errClosed
	}
	v, err := s.vocabularies.read(ctx, tenant)
	if err != nil {
		return nil, err
	}
	return v.current(), ctx.Err()
}
