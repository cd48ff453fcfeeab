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

// A guarded write is one with a condition or a source version. What is held is read
// and checked, and the manifest is then written only over that very state: the
// server's condition names the sequence that was read. So of several writers that
// read one state one wins, and the others read again. The copies of a shard must take
// such writes in one order, so they go through the shard's leader (strong ordering),
// which other writes do not need.

// guardMost is how many manifests one guarded request holds: each has a condition of
// its own. A server that refuses so many gets fewer.
const guardMost = 32

// guarded is a manifest to write over what has the sequence before, or nothing.
type guarded struct {
	point  *sdk.PointStruct
	before int64 // 0: nothing is there
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
		filter = must(nothing()) // whatever is there by now was not there
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

// guarded reports whether what is held decides if the write is made.
func (w *write) guarded() bool {
	return w.carried == 0 && (!w.entry.If.IsZero() || w.entry.Document.SourceVersion != nil)
}

// mayReplace returns why the write must not replace what is held; nil: it may.
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

// commit writes the manifests of a batch, which is the moment at which readers change
// over.
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
