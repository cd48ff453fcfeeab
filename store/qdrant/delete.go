package qdrant

import (
	"context"
	"errors"
	"fmt"
	"time"

	sdk "github.com/qdrant/go-client/qdrant"

	"dalil/corpus"
)

// Delete removes documents. First their manifests become tombstones, so that
// readers no longer see them; then the passages are deleted. A tombstone prevents a
// Put that began earlier from bringing half of the document back. It is removed
// when it is older than any Put can be. If another writer wrote the document again
// meanwhile, the error is corpus.ErrConflict.
func (s *Store) Delete(ctx context.Context, ids []string) error {
	name, err := s.at(ctx, s.reading())
	if err != nil || name == "" || len(ids) == 0 {
		return errors.Join(err, ctx.Err())
	}
	going := make([]removal, len(ids))
	for i, id := range ids {
		going[i].id = id
	}
	return s.deleteAll(ctx, name, going)
}

// removal is a document to delete.
type removal struct {
	id      string
	carried int64     // delete only what is older than this sequence; 0: whatever is held
	over    time.Time // or what was written at this very time
}

// goes reports whether what is held may be deleted.
func (r removal) goes(m *manifest) bool {
	return r.carried == 0 || m.sequence < r.carried || !r.over.IsZero() && when(m.sequence).Equal(r.over)
}

func (s *Store) deleteAll(ctx context.Context, collection string, going []removal) error {
	if err := s.prepareWrites(ctx, collection); err != nil {
		return err
	}
	for len(going) > 0 {
		n := min(len(going), readBatch)
		if going[0].carried > 0 {
			n = 1 // each under a condition of its own
		}
		part := going[:n]
		begun := time.Now()
		for len(part) > 0 {
			lost, err := s.delete(ctx, collection, part)
			if err == nil && len(lost) > 0 && time.Since(begun) >= overtakenWithin {
				err = overtaken(lost[0].id)
			}
			if err != nil {
				return fmt.Errorf("delete %d documents, the first %q: %w", len(part), part[0].id, err)
			}
			part = lost
		}
		going = going[n:]
	}
	return nil
}

// delete returns the documents that another writer wrote again meanwhile.
func (s *Store) delete(ctx context.Context, collection string, going []removal) (lost []removal, err error) {
	ids := make([]string, len(going))
	for i, r := range going {
		ids[i] = r.id
	}
	known, err := s.known(ctx, s.reading(), collection, ids)
	if err != nil {
		return nil, err
	}
	held := make(map[corpus.ChunkID]*manifest, len(known))
	var gone []string
	above := int64(0)
	for _, r := range going {
		if m := known[r.id]; m != nil && r.goes(m) {
			held[corpus.DocumentKey(r.id)] = m
			gone = append(gone, r.id)
			above = max(above, m.sequence)
		}
	}
	if len(gone) == 0 {
		return nil, nil
	}
	sequence := s.clock.after(above)
	over := sequence
	if carried := going[0].carried; carried > 0 { // it gives way to whatever was written since
		sequence, over = max(carried, above+1), above+1
	}
	tombstones := make([]*sdk.PointStruct, len(gone))
	for i, id := range gone {
		tombstones[i] = tombstone(id, sequence)
	}
	replaced, err := s.termsOf(ctx, collection, held)
	if err != nil {
		return nil, err
	}
	announced, err := s.announce(ctx, collection, gone, sequence)
	if err != nil {
		return nil, err
	}
	if err := s.upsert(ctx, collection, tombstones, over); err != nil {
		return nil, &corpus.UnknownError{Cause: err}
	}
	after, err := s.manifests(ctx, s.reading(), collection, keysOfIDs(gone))
	if err != nil {
		return nil, &corpus.UnknownError{Cause: err}
	}
	var won []string
	for _, id := range gone {
		key := corpus.DocumentKey(id)
		if m := after[key]; m != nil && !m.deleted {
			if going[0].carried == 0 {
				lost = append(lost, removal{id: id})
			}
			continue
		}
		won = append(won, id)
		s.vocabulary.replaced(replaced[key], nil)
	}
	if err := s.cleanAfterDelete(ctx, collection, won, sequence); err != nil {
		s.options.Log.Warn("passages of deleted documents could not be removed; that is done later", "error", err)
	} else if err := announced.complete(ctx); err != nil {
		s.options.Log.Warn("a deletion could not be marked as complete; that is done later", "error", err)
	}
	return lost, nil
}

// cleanAfterDelete removes the passages of deleted documents, and tombstones that
// are old.
func (s *Store) cleanAfterDelete(ctx context.Context, collection string, gone []string, sequence int64) error {
	if len(gone) > 0 {
		if err := s.removeBelow(ctx, collection, gone, sequence); err != nil {
			return err
		}
	}
	old := float64(min(sequence, s.clock.now().UnixMicro()) - tombstoneAge.Microseconds())
	return s.deletePoints(ctx, collection, must(kind(kindDeleted), sdk.NewRange(keySequence, &sdk.Range{Lt: &old})))
}

func keysOfIDs(ids []string) []corpus.ChunkID {
	keys := make([]corpus.ChunkID, len(ids))
	for i, id := range ids {
		keys[i] = corpus.DocumentKey(id)
	}
	return keys
}
