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

// Delete deletes documents. First their manifests become tombstones, so that
// answers no longer contain them; then the passages are deleted. A tombstone
// prevents a Put that began earlier from writing a part of the document again. It is
// removed when it is older than any Put can be and its source version, if it has one,
// is no longer needed. If another writer wrote the document again meanwhile, the
// error is corpus.ErrConflict.
func (s *Store) Delete(ctx context.Context, ids []string) error {
	deletions := make([]corpus.Deletion, len(ids))
	for i, id := range ids {
		deletions[i].ID = id
	}
	return s.DeleteIf(ctx, deletions)
}

// DeleteIf removes documents whose conditions hold.
func (s *Store) DeleteIf(ctx context.Context, deletions []corpus.Deletion) error {
	name, err := s.at(ctx, s.reading())
	if err != nil || name == "" || len(deletions) == 0 {
		return errors.Join(err, ctx.Err())
	}
	going := make([]removal, len(deletions))
	for i, d := range deletions {
		going[i].Deletion = d
	}
	if err := s.active(ctx, name); err != nil {
		return err
	}
	return s.confirmed(ctx, name, s.deleteAll(ctx, name, going))
}

// removal is a document to delete.
type removal struct {
	corpus.Deletion
	carried int64     // delete only versions older than this sequence; 0: every version
	over    time.Time // also delete a version that was written at exactly this time
}

// goes reports whether the current version may be deleted.
func (r *removal) goes(m *manifest, now time.Time) bool {
	if r.Expired && !m.life.expired(now) {
		return false
	}
	return r.carried == 0 || m.sequence < r.carried || !r.over.IsZero() && when(m.sequence).Equal(r.over)
}

// guarded reports whether what is held decides if the document is deleted.
func (r *removal) guarded() bool {
	return r.carried == 0 && (!r.If.IsZero() || r.SourceVersion != nil || r.Expired)
}

func (s *Store) deleteAll(ctx context.Context, collection string, going []removal) error {
	if err := s.prepareWrites(ctx, collection); err != nil {
		return err
	}
	refused, first, all := map[string]error{}, "", len(going)
	for len(going) > 0 {
		n := min(len(going), readBatch)
		if going[0].carried > 0 {
			n = 1 // each deletion has a condition of its own
		}
		part := going[:n]
		begun := time.Now()
		for len(part) > 0 {
			lost, err := s.delete(ctx, collection, part, func(id string, why error) {
				if len(refused) == 0 {
					first = id
				}
				refused[id] = why
			})
			if err == nil && len(lost) > 0 && time.Since(begun) >= overtakenWithin {
				err = overtaken(lost[0].ID)
			}
			if err != nil {
				return fmt.Errorf("delete %d documents, the first %q: %w", len(part), part[0].ID, err)
			}
			part = lost
		}
		going = going[n:]
	}
	return store.Failure(refused, first, all)
}

// going is a document that is being deleted.
type going struct {
	removal
	held    *manifest // nil: nothing is there
	there   bool      // held is a document, not a tombstone
	version *int64    // to remember
}

// selectGoing reads what is held and returns what is to be deleted.
func (s *Store) selectGoing(ctx context.Context, collection string, removals []removal, refuse func(string, error)) ([]going, error) {
	keys := make([]corpus.ChunkID, len(removals))
	for i := range removals {
		keys[i] = corpus.DocumentKey(removals[i].ID)
	}
	known, err := s.manifests(ctx, s.reading(), collection, keys, keyFingerprint)
	if err != nil {
		return nil, err
	}
	var selected []going
	now, taken := s.clock.now(), map[string]bool{}
	for i := range removals {
		g := going{removal: removals[i], held: known[keys[i]]}
		if g.held != nil && g.held.documentID != g.ID || taken[g.ID] {
			continue
		}
		g.there = g.held != nil && !g.held.deleted
		if g.carried == 0 && !g.Expired {
			if why := mayReplace(g.ID, g.held, now, g.If, g.SourceVersion); why != nil {
				refuse(g.ID, why)
				continue
			}
		}
		if !g.there && (g.SourceVersion == nil || g.held != nil && g.held.version != nil && *g.held.version == *g.SourceVersion) {
			continue // nothing to delete, and nothing to remember
		}
		if g.there && !g.goes(g.held, now) {
			continue
		}
		if g.version = g.SourceVersion; g.version == nil {
			g.version = g.held.version
		}
		taken[g.ID] = true
		selected = append(selected, g)
	}
	return selected, nil
}

// delete returns the documents that another writer wrote again meanwhile.
func (s *Store) delete(ctx context.Context, collection string, removals []removal, refuse func(string, error)) (lost []removal, err error) {
	selected, err := s.selectGoing(ctx, collection, removals, refuse)
	if err != nil || len(selected) == 0 {
		return nil, err
	}
	held := make(map[corpus.ChunkID]*manifest, len(selected))
	ids := make([]string, len(selected))
	above := int64(0)
	for i, g := range selected {
		ids[i] = g.ID
		if g.held != nil {
			above = max(above, g.held.sequence)
		}
		if g.there {
			held[corpus.DocumentKey(g.ID)] = g.held
		}
	}
	sequence := s.clock.after(above)
	over := sequence
	if carried := selected[0].carried; carried > 0 { // a later write takes precedence
		sequence, over = max(carried, above+1), above+1
	}
	replaced, err := s.termsOf(ctx, collection, held)
	if err != nil {
		return nil, err
	}
	announced, err := s.announce(ctx, collection, ids, sequence)
	if err != nil {
		return nil, err
	}
	if err := s.bury(ctx, collection, selected, sequence, over); err != nil {
		return nil, &corpus.UnknownError{Cause: err}
	}
	after, err := s.manifests(ctx, s.reading(), collection, keysOfIDs(ids))
	if err != nil {
		return nil, &corpus.UnknownError{Cause: err}
	}
	var won []string
	for _, g := range selected {
		key := corpus.DocumentKey(g.ID)
		if m := after[key]; m != nil && (!m.deleted || g.guarded() && m.sequence != sequence) {
			if g.carried == 0 {
				lost = append(lost, g.removal)
			}
			continue
		}
		if g.there {
			won = append(won, g.ID)
			s.vocabularies.replaced(g.ID, replaced[key], nil)
		}
	}
	if err := s.cleanAfterDelete(ctx, collection, won, sequence); err != nil {
		s.options.Log.Warn("passages of deleted documents could not be removed; they are removed later", "error", err)
	} else if err := announced.complete(ctx); err != nil {
		s.options.Log.Warn("a deletion could not be marked as complete; it is marked later", "error", err)
	}
	return lost, nil
}

// bury writes the tombstones.
func (s *Store) bury(ctx context.Context, collection string, selected []going, sequence, over int64) error {
	var free []*sdk.PointStruct
	var held []guarded
	for _, g := range selected {
		point := tombstone(g.ID, sequence, g.version)
		switch {
		case !g.guarded():
			free = append(free, point)
		case g.held == nil:
			held = append(held, guarded{point, 0})
		default:
			held = append(held, guarded{point, g.held.sequence})
		}
	}
	return errors.Join(s.upsert(ctx, collection, free, over), s.upsertGuarded(ctx, collection, held))
}

// cleanAfterDelete removes the passages of deleted documents, and old tombstones.
func (s *Store) cleanAfterDelete(ctx context.Context, collection string, gone []string, sequence int64) error {
	if len(gone) > 0 {
		if err := s.removeBelow(ctx, collection, gone, sequence); err != nil {
			return err
		}
	}
	now := min(sequence, s.clock.now().UnixMicro())
	old, older := float64(now-tombstoneAge.Microseconds()), float64(now-store.VersionsKept.Microseconds())
	return s.deletePoints(ctx, collection, &sdk.Filter{Must: []*sdk.Condition{kind(kindDeleted)}, Should: []*sdk.Condition{
		sdk.NewFilterAsCondition(must(sdk.NewIsEmpty(keyVersion), sdk.NewRange(keySequence, &sdk.Range{Lt: &old}))),
		sdk.NewRange(keySequence, &sdk.Range{Lt: &older}),
	}})
}

func keysOfIDs(ids []string) []corpus.ChunkID {
	keys := make([]corpus.ChunkID, len(ids))
	for i, id := range ids {
		keys[i] = corpus.DocumentKey(id)
	}
	return keys
}
