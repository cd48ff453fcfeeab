package store

import "context"

// VersionKeeper is a store that counts the source versions of deleted documents that it
// keeps. Fallback: it keeps none.
type VersionKeeper interface {
	// KeptVersions counts the source versions of a tenant's documents that were deleted
	// within [VersionsKept].
	KeptVersions(ctx context.Context, tenant string) (int, error)
}

// KeptVersions is [VersionKeeper.KeptVersions] for every store.
func KeptVersions(ctx context.Context, r Reader, tenant string) (int, error) {
	if a, is := able[VersionKeeper](r); is {
		return a.KeptVersions(ctx, tenant)
	}
	return 0, nil
}
