package local

import (
	"cmp"
	"context"

	"dalil/corpus"
	"dalil/store"
)

var _ store.VersionKeeper = (*Store)(nil)

// KeptVersions counts the source versions of a tenant's deleted documents.
func (s *Store) KeptVersions(ctx context.Context, tenant string) (n int, err error) {
	from, until := corpus.TenantRange(tenant)
	until = cmp.Or(until, "\xff") // above all ids
	oldest := s.options.Now().Add(-store.VersionsKept).UnixMicro()
	err = s.read(ctx, "count source versions", func(r *reading) error {
		return r.versions.QueryRow([]byte(from), []byte(until), oldest).Scan(&n)
	})
	return n, err
}
