package qdrant

import (
	"context"
	"fmt"

	sdk "github.com/qdrant/go-client/qdrant"

	"dalil/corpus"
)

// Fingerprints returns the fingerprints of those documents that are complete. A
// document with a missing passage is left out, so that it is written again. It
// waits as long as the write that follows it. It fails if the collection is no longer
// active, because an unchanged document is acknowledged without a write.
func (s *Store) Fingerprints(ctx context.Context, ids []string) (map[string]string, error) {
	name, err := s.at(ctx, s.reading())
	if err != nil {
		return nil, err
	}
	held, err := s.known(ctx, s.reading(), name, ids, keyFingerprint)
	if err != nil {
		return nil, err
	}
	incomplete, err := s.incomplete(ctx, name, held)
	if err != nil {
		return nil, err
	}
	fingerprints, now := make(map[string]string, len(held)), s.clock.now()
	for id, m := range held {
		if !incomplete[id] && !m.life.expired(now) {
			fingerprints[id] = m.fingerprint
		}
	}
	if name != "" {
		err = s.active(ctx, name)
	}
	return fingerprints, err
}

// incomplete returns the documents with missing passages. A document that was
// replaced meanwhile is checked once more.
func (s *Store) incomplete(ctx context.Context, collection string, held map[string]*manifest) (map[string]bool, error) {
	missing, err := s.withMissingPassages(ctx, collection, held)
	if err != nil || len(missing) == 0 {
		return nil, err
	}
	ids := make([]string, 0, len(missing))
	for id := range missing {
		ids = append(ids, id)
	}
	again, err := s.known(ctx, s.reading(), collection, ids)
	if err != nil {
		return nil, err
	}
	for id, m := range again {
		if m.sequence != held[id].sequence {
			delete(missing, id) // it was replaced meanwhile by a complete write
		}
	}
	return missing, nil
}

// withMissingPassages returns the documents with missing passages.
func (s *Store) withMissingPassages(ctx context.Context, collection string, held map[string]*manifest) (map[string]bool, error) {
	var asked []corpus.ChunkID
	for _, m := range held {
		for i := range m.chunks {
			asked = append(asked, corpus.NewChunkID(m.documentID, m.revision, i))
		}
	}
	there := make(map[corpus.ChunkID]struct{}, len(asked))
	for rest := asked; len(rest) > 0; {
		n := min(len(rest), readBatch)
		points, err := s.get(ctx, s.reading(), collection, pointIDs(rest[:n]), sdk.NewWithPayload(false), nil)
		if err != nil {
			return nil, fmt.Errorf("look for passages: %w", err)
		}
		for _, p := range points {
			if id, err := chunkID(p.GetId()); err == nil {
				there[id] = struct{}{}
			}
		}
		rest = rest[n:]
	}
	var missing map[string]bool
	for id, m := range held {
		for i := range m.chunks {
			if _, is := there[corpus.NewChunkID(m.documentID, m.revision, i)]; !is {
				if missing == nil {
					missing = map[string]bool{}
				}
				missing[id] = true
				break
			}
		}
	}
	return missing, nil
}
