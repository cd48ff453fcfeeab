package reindex

import (
	"context"

	"dalil/corpus"
	"dalil/store"
)

// Rollback activates the collection that was active before, at once. Documents that
// were written since then are only in the other collection; newer is their number.
func (r *Reindex) Rollback(ctx context.Context) (to string, newer int, err error) {
	all, err := r.catalogue.List(ctx)
	if err != nil {
		return "", 0, err
	}
	var left corpus.Collection
	for _, one := range all {
		if one.Active {
			left = one
		}
	}
	if left.Name == "" {
		return "", 0, corpus.Errorf(corpus.ErrMissing, "no collection is active, so there is nothing to roll back; \"dalil reindex activate NAME\" points the alias %s to one", r.deps.Alias)
	}
	if to, err = r.catalogue.Previous(ctx); err != nil {
		return "", 0, err
	}
	if to == "" {
		return "", 0, corpus.Refused("no collection was active before %s", left.Name)
	}
	if err := r.catalogue.Activate(ctx, to); err != nil {
		return "", 0, err
	}
	s, err := store.OpenNamed(ctx, r.catalogue, left.Name)
	if err != nil {
		return to, 0, err
	}
	defer s.Close()
	err = store.Each(ctx, s, func(info store.Record) error {
		if info.UpdatedAt.After(left.ActivatedAt) {
			newer++
		}
		return nil
	})
	return to, newer, err
}
