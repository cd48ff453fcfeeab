package qdrant

import (
	"context"

	sdk "github.com/qdrant/go-client/qdrant"

	"dalil/store"
)

var _ store.VersionKeeper = (*Store)(nil)

// KeptVersions counts the source versions of a tenant's deleted documents. The ids of
// other deleted documents, which are kept for an hour, are not counted.
func (s *Store) KeptVersions(ctx context.Context, tenant string) (int, error) {
	name, err := s.at(ctx, s.reading())
	if err != nil || name == "" {
		return 0, err
	}
	oldest := float64(s.clock.now().Add(-store.VersionsKept).UnixMicro())
	versioned := sdk.NewFilterAsCondition(&sdk.Filter{MustNot: []*sdk.Condition{sdk.NewIsEmpty(keyVersion)}})
	return s.count(ctx, s.reading(), name, kind(kindDeleted), ofTenant(tenant), versioned, sdk.NewRange(keySequence, &sdk.Range{Gte: &oldest}))
}
