package qdrant

import (
	"context"

	sdk "github.com/qdrant/go-client/qdrant"

	"dalil/corpus"
	"dalil/store"
)

var _ store.PassageFilter = (*Store)(nil)

// Kept reports which passages exist and are of a document that the filter keeps. It reads
// the manifests of their documents, and no passages. A clause about the tenant needs no
// second request.
func (s *Store) Kept(ctx context.Context, ids []corpus.ChunkID, f corpus.Filter) ([]bool, error) {
	kept := make([]bool, len(ids))
	name, err := s.at(ctx, s.asking())
	if err != nil || name == "" || len(ids) == 0 {
		return kept, err
	}
	var keys []corpus.ChunkID
	asked := map[corpus.ChunkID]bool{}
	for _, id := range ids {
		if key := id.Document(); !asked[key] {
			asked[key] = true
			keys = append(keys, key)
		}
	}
	held, err := s.manifests(ctx, s.asking(), name, keys)
	if err != nil {
		return nil, err
	}
	tenant, rest, bound := tenantOf(f)
	if !rest.IsZero() {
		if held, err = s.filtered(ctx, name, keys, rest, held); err != nil {
			return nil, err
		}
	}
	for i, id := range ids {
		m := held[id.Document()]
		kept[i] = m.holds(id) && (!bound || m.of(tenant))
	}
	return kept, nil
}

// filtered returns the manifests that a filter keeps.
func (s *Store) filtered(ctx context.Context, collection string, keys []corpus.ChunkID, f corpus.Filter, held map[corpus.ChunkID]*manifest) (map[corpus.ChunkID]*manifest, error) {
	kept := make(map[corpus.ChunkID]*manifest, len(held))
	filter := must(kind(kindDocument), sdk.NewHasID(pointIDs(keys)...), condition(f))
	err := s.scroll(ctx, s.asking(), collection, filter, sdk.NewWithPayload(false), nil, func(p *sdk.RetrievedPoint) error {
		key, err := chunkID(p.GetId())
		if err == nil {
			kept[key] = held[key]
		}
		return err
	})
	return kept, err
}
