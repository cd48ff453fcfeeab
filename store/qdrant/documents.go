package qdrant

import (
	"context"
	"fmt"
	"time"

	sdk "github.com/qdrant/go-client/qdrant"

	"dalil/corpus"
	"dalil/store"
)

func kind(name string) *sdk.Condition { return sdk.NewMatchKeyword(keyKind, name) }

// Document reads a document. It returns corpus.ErrNotFound if there is none.
func (s *Store) Document(ctx context.Context, id string) (store.Record, error) {
	name, err := s.at(ctx, s.asking())
	if err != nil {
		return store.Record{}, err
	}
	held, err := s.known(ctx, s.asking(), name, []string{id}, infoFields...)
	if err != nil {
		return store.Record{}, err
	}
	m := held[id]
	if m == nil {
		return store.Record{}, noDocument(id)
	}
	return m.info(s.clock.now())
}

// Records reads the documents that exist, by id.
func (s *Store) Records(ctx context.Context, ids []string) (map[string]store.Record, error) {
	name, err := s.at(ctx, s.reading())
	if err != nil {
		return nil, err
	}
	held, err := s.known(ctx, s.reading(), name, ids, infoFields...)
	if err != nil {
		return nil, err
	}
	records := make(map[string]store.Record, len(held))
	for id, m := range held {
		if records[id], err = m.info(s.clock.now()); err != nil {
			return nil, err
		}
	}
	return records, nil
}

func noDocument(id string) error {
	return &corpus.Error{Kind: corpus.ErrNotFound, Op: "document", Thing: fmt.Sprintf("%q", id)}
}

// Deleted returns which documents were deleted in the last hour, and when.
func (s *Store) Deleted(ctx context.Context) (map[string]time.Time, error) {
	at := map[string]time.Time{}
	name, err := s.at(ctx, s.asking())
	if err != nil || name == "" {
		return at, err
	}
	return at, s.scroll(ctx, s.asking(), name, must(kind(kindDeleted)), sdk.NewWithPayloadInclude(commitFields...), nil, func(p *sdk.RetrievedPoint) error {
		m := readManifest(p.GetPayload())
		at[m.documentID] = when(m.sequence)
		return nil
	})
}

// known reads the manifests of existing documents, by document id.
func (s *Store) known(ctx context.Context, how retry, collection string, ids []string, fields ...string) (map[string]*manifest, error) {
	if collection == "" {
		return nil, nil
	}
	keys := make([]corpus.ChunkID, len(ids))
	for i, id := range ids {
		keys[i] = corpus.DocumentKey(id)
	}
	held, err := s.manifests(ctx, how, collection, keys, fields...)
	if err != nil {
		return nil, err
	}
	known := make(map[string]*manifest, len(held))
	for i, id := range ids {
		if m := held[keys[i]]; m != nil && !m.deleted && m.documentID == id {
			known[id] = m
		}
	}
	return known, nil
}

// Stats returns exact counts of the server.
func (s *Store) Stats(ctx context.Context) (corpus.Stats, error) {
	name, err := s.at(ctx, s.asking())
	if err != nil || name == "" {
		return corpus.Stats{}, err
	}
	var stats corpus.Stats
	if err := s.stats(ctx, name, &stats); err != nil {
		return stats, err
	}
	stats.Terms = len(s.vocabularies.of("").current().dimensions)
	return stats, nil
}

// TenantStats returns exact counts of a tenant.
func (s *Store) TenantStats(ctx context.Context, tenant string) (corpus.Stats, error) {
	name, err := s.at(ctx, s.asking())
	if err != nil || name == "" {
		return corpus.Stats{}, err
	}
	var stats corpus.Stats
	if err := s.stats(ctx, name, &stats, ofTenant(tenant)); err != nil {
		return stats, err
	}
	v, err := s.vocabularies.read(ctx, tenant)
	if err != nil {
		return stats, err
	}
	stats.Terms = len(v.current().dimensions)
	return stats, nil
}

// stats counts what meets the conditions.
func (s *Store) stats(ctx context.Context, name string, stats *corpus.Stats, of ...*sdk.Condition) (err error) {
	if stats.Documents, err = s.count(ctx, s.asking(), name, append(of, kind(kindDocument))...); err != nil {
		return err
	}
	if stats.Passages, err = s.count(ctx, s.asking(), name, append(of, kind(kindPassage))...); err != nil {
		return err
	}
	if stats.Languages, err = s.languages(ctx, name, stats.Documents, of...); err != nil {
		return err
	}
	newest, err := s.newest(ctx, s.asking(), name, of...)
	if newest > 0 {
		stats.UpdatedAt = when(newest)
	}
	return err
}

func (s *Store) count(ctx context.Context, how retry, collection string, conditions ...*sdk.Condition) (int, error) {
	var n uint64
	err := s.call(ctx, how, "count points", func(ctx context.Context) (err error) {
		n, err = s.client.Count(ctx, &sdk.CountPoints{CollectionName: collection, Filter: must(conditions...), Exact: sdk.PtrOf(true)})
		return err
	})
	return int(n), err
}

// languages counts documents by language; the others are undetermined.
func (s *Store) languages(ctx context.Context, collection string, documents int, of ...*sdk.Condition) (map[string]int, error) {
	var hits []*sdk.FacetHit
	err := s.read(ctx, "count languages", func(ctx context.Context) (err error) {
		hits, err = s.client.Facet(ctx, &sdk.FacetCounts{
			CollectionName: collection, Key: keyLanguage, Filter: must(append(of, kind(kindDocument))...), Exact: sdk.PtrOf(true), Limit: sdk.PtrOf(uint64(1000)),
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	languages := map[string]int{}
	for _, h := range hits {
		languages[h.GetValue().GetStringValue()] = int(h.GetCount())
		documents -= int(h.GetCount())
	}
	if documents > 0 {
		languages[""] = documents
	}
	return languages, nil
}

// newest returns the greatest sequence of all manifests, tombstones included, or 0.
func (s *Store) newest(ctx context.Context, how retry, collection string, of ...*sdk.Condition) (int64, error) {
	var points []*sdk.RetrievedPoint
	err := s.call(ctx, how, "read the newest write", func(ctx context.Context) (err error) {
		points, err = s.client.Scroll(ctx, &sdk.ScrollPoints{
			CollectionName: collection, Limit: sdk.PtrOf(uint32(1)), Filter: must(append(of, sdk.NewMatchKeywords(keyKind, kindDocument, kindDeleted))...),
			OrderBy:     &sdk.OrderBy{Key: keySequence, Direction: sdk.Direction_Desc.Enum()},
			WithPayload: sdk.NewWithPayloadInclude(keySequence),
		})
		return err
	})
	if err != nil || len(points) == 0 {
		return 0, err
	}
	return points[0].GetPayload()[keySequence].GetIntegerValue(), nil
}
