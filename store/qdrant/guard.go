package qdrant

import (
	"context"
	"errors"
	"fmt"
	"time"

	sdk "github.com/qdrant/go-client/qdrant"

	"dalil/corpus"
	"dalil/store"
)

// A guarded write has a condition or a source version. The current version is read
// and checked, and the manifest then replaces only that version: the condition of the
// request has the sequence that was read. So of several writers that read the same
// version, one succeeds, and the others read again. The copies of a shard must apply
// such writes in the same order, so they go through the shard's leader (strong
// ordering). Other writes do not need that.

// guardMost is the largest number of manifests in one guarded request; each has a
// condition of its own. If the server refuses that many, the request is made
// smaller.
const guardMost = 32

// guarded is a manifest that must replace the version with the sequence before, or no version.
type guarded struct {
	point  *sdk.PointStruct
	before int64 // 0: there is no version
}

func (s *Store) upsertGuarded(ctx context.Context, collection string, all []guarded) error {
	for len(all) > 0 {
		n := min(len(all), guardMost)
		if err := s.upsertGuardedPart(ctx, collection, all[:n]); err != nil {
			return err
		}
		all = all[n:]
	}
	return nil
}

func (s *Store) upsertGuardedPart(ctx context.Context, collection string, part []guarded) error {
	points := make([]*sdk.PointStruct, len(part))
	var same []*sdk.Condition
	for i, g := range part {
		points[i] = g.point
		if g.before > 0 {
			unchanged := sdk.NewRange(keySequence, &sdk.Range{Lte: sdk.PtrOf(float64(g.before))})
			same = append(same, sdk.NewFilterAsCondition(must(sdk.NewHasID(g.point.GetId()), unchanged)))
		}
	}
	filter := should(same...)
	if len(same) == 0 {
		filter = must(nothing()) // any version that exists now was not there before
	}
	err := s.write(ctx, fmt.Sprintf("upsert %d guarded points", len(points)), func(ctx context.Context) error {
		_, err := s.client.Upsert(ctx, &sdk.UpsertPoints{
			CollectionName: collection, Wait: sdk.PtrOf(true), Points: points, UpdateFilter: filter,
			Ordering: &sdk.WriteOrdering{Type: sdk.WriteOrderingType_Strong},
		})
		return err
	})
	if isBatchLimit(err) && ctx.Err() == nil && len(part) > 1 {
		half := len(part) / 2
		return errors.Join(s.upsertGuardedPart(ctx, collection, part[:half]), s.upsertGuardedPart(ctx, collection, part[half:]))
	}
	return err
}

// guarded reports whether the write depends on the current version.
func (w *write) guarded() bool {
	return w.carried == 0 && (!w.entry.If.IsZero() || w.entry.Document.SourceVersion != nil)
}

// mayReplace returns why the write must not replace the current version, or nil.
func (w *write) mayReplace(m *manifest, now time.Time) error {
	return mayReplace(w.entry.Document.ID, m, now, w.entry.If, w.entry.Document.SourceVersion)
}

func mayReplace(id string, m *manifest, now time.Time, condition corpus.Condition, version *int64) error {
	etag := ""
	if m != nil {
		if err := corpus.CheckVersion(id, version, m.version); err != nil {
			return err
		}
		if !m.deleted && !m.life.expired(now) {
			etag = store.Content(m.fingerprint)
		}
	}
	return condition.Check(id, etag)
}

// commit writes the manifests of a batch. From then on, readers get the new versions.
func (s *Store) commit(ctx context.Context, collection string, batch []*write, manifests []*sdk.PointStruct, over int64) error {
	var free []*sdk.PointStruct
	var held []guarded
	for i, w := range batch {
		if w.guarded() {
			held = append(held, guarded{manifests[i], w.before})
		} else {
			free = append(free, manifests[i])
		}
	}
	return errors.Join(s.upsert(ctx, collection, free, over), s.upsertGuarded(ctx, collection, held))
}
