package quota

import (
	"context"

	"dalil/corpus"
	"dalil/store"
)

var _ store.Limiter = (*Store)(nil)

// Beyond returns the errors of the entries that are beyond the quotas of their tenants now,
// by document, so that a caller need not embed them first. It reserves nothing.
func (s *Store) Beyond(ctx context.Context, entries []store.Entry) (map[string]error, error) {
	var ids []string
	for i := range entries {
		if id := entries[i].Document.ID; s.account(tenantOf(id)) != nil {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	accounts := s.accountsOf(ids)
	if err := s.counted(ctx, accounts, s.options.Recount); err != nil {
		return nil, err
	}
	held, err := sizes(ctx, s.Store, ids)
	if err != nil {
		return nil, err
	}
	over, recount := s.beyond(entries, held)
	if recount {
		if err := s.counted(ctx, accounts, fresh); err != nil {
			return nil, err
		}
		over, _ = s.beyond(entries, held)
	}
	return over, nil
}

// beyond returns the errors of the entries, of which held has what they use now. recount: a
// count that refused one is too old.
func (s *Store) beyond(entries []store.Entry, held map[string]corpus.Usage) (over map[string]error, recount bool) {
	over = map[string]error{}
	more := map[*account]corpus.Usage{} // of the entries before
	for i := range entries {
		id := entries[i].Document.ID
		a := s.account(tenantOf(id))
		if a == nil {
			continue
		}
		grown := size(&entries[i]).Minus(held[id])
		if why := a.refuses(more[a], grown); why != nil {
			over[id] = why
			recount = recount || a.old(s.options.Now(), fresh)
			continue
		}
		more[a] = more[a].Plus(positive(grown))
	}
	return over, recount
}
