package store

import (
	"context"
	"slices"
	"time"

	"dalil/corpus"
)

// Mark returns the newest state of the store, which is that of all tenants.
func (b *bound) Mark() corpus.Mark { return MarkOf(b.inner) }

// kept returns ids in which those that the caller does not see are replaced by the id of
// no passage.
func (b *bound) kept(ctx context.Context, ids []corpus.ChunkID) ([]corpus.ChunkID, error) {
	c, err := callerOf(ctx)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	kept, err := Kept(ctx, b.inner, ids, c.filter(corpus.Filter{}))
	if err != nil {
		return nil, c.reworded(err)
	}
	if slices.Contains(kept, false) {
		ids = slices.Clone(ids)
		for i := range ids {
			if !kept[i] {
				ids[i] = corpus.ChunkID{}
			}
		}
	}
	return ids, nil
}

// Published is [TraitReader.Published] for the passages that the caller sees.
func (b *bound) Published(ctx context.Context, ids []corpus.ChunkID) ([]time.Time, error) {
	kept, err := b.kept(ctx, ids)
	if err != nil {
		return nil, err
	}
	return Published(ctx, b.inner, kept)
}

// Vectors is [TraitReader.Vectors] for the passages that the caller sees.
func (b *bound) Vectors(ctx context.Context, ids []corpus.ChunkID) ([]corpus.Vector, error) {
	kept, err := b.kept(ctx, ids)
	if err != nil {
		return nil, err
	}
	return Vectors(ctx, b.inner, kept)
}

// CountFacets is [TraitReader.CountFacets] for the passages that the caller sees.
func (b *bound) CountFacets(ctx context.Context, ids []corpus.ChunkID, fields []corpus.FacetField) ([][]corpus.FacetValue, error) {
	kept, err := b.kept(ctx, ids)
	if err != nil {
		return nil, err
	}
	return CountFacets(ctx, b.inner, kept, fields)
}

// boundKeeper is a bound store that keeps profiles.
type boundKeeper struct {
	*bound
	keeper ProfileKeeper
}

// KeepProfiles concerns the passages of all tenants.
func (b *boundKeeper) KeepProfiles(p Profiler) { b.keeper.KeepProfiles(p) }

// Profiles is [ProfileKeeper.Profiles] for the passages that the caller sees.
func (b *boundKeeper) Profiles(ctx context.Context, ids []corpus.ChunkID, to *Profiles) error {
	kept, err := b.kept(ctx, ids)
	if err != nil {
		return err
	}
	return b.keeper.Profiles(ctx, kept, to)
}
