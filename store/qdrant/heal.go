package qdrant

import (
	"context"
	"fmt"
	"time"

	sdk "github.com/qdrant/go-client/qdrant"

	"dalil/corpus"
)

// A writer that dies leaves its point of the journal open, and maybe passages that
// no manifest names. Another writer removes both (heal). It cannot be sure that the
// first is dead: the first may be suspended, or its clock may be wrong. Healing is
// safe in every case:
//
//   - The age of an open point is measured by the clock of the observer, never by the
//     sequence in it.
//   - Before anything is removed, the healer claims the point: its kind changes.
//     Then it reads the manifests, and keeps the passages that they name. It removes only
//     passages whose sequence is at most that of the claimed point.
//   - After its commit a writer looks for claims that name one of its documents with a
//     sequence that is not smaller, and then checks that all of its passages exist
//     (see torn). If one is claimed or missing, it writes the batch again, with a
//     greater sequence, before it acknowledges. A claim that ended before this check
//     has already removed its passages; a later claim reads manifests that include
//     the commit.

// open is a point of the journal that is not complete.
type open struct {
	point     *sdk.PointId
	claimed   bool
	noticed   time.Time // when a healer observed it first, by that healer's clock; zero: never
	sequence  int64
	documents []string
}

// openPoints reads the points of the journal that are not complete.
func (s *Store) openPoints(ctx context.Context, collection string) ([]open, error) {
	var all []open
	filter := must(sdk.NewMatchKeywords(keyKind, kindJournal, kindClaimed), sdk.NewIsEmpty(keyDone))
	fields := sdk.NewWithPayloadInclude(keyKind, keyDocuments, keySequence, keyNoticed)
	err := s.scroll(ctx, s.reading(), collection, filter, fields, nil, func(p *sdk.RetrievedPoint) error {
		payload := p.GetPayload()
		one := open{
			point: p.GetId(), claimed: payload[keyKind].GetStringValue() == kindClaimed,
			sequence: payload[keySequence].GetIntegerValue(), documents: texts(payload[keyDocuments]),
		}
		if at := payload[keyNoticed].GetIntegerValue(); at > 0 {
			one.noticed = time.UnixMicro(at)
		}
		all = append(all, one)
		return nil
	})
	return all, err
}

// heal reads the open points of the journal and removes the remains of abandoned
// writes. A committed document keeps the passages that its manifest names. The
// passages of a document that was not committed are removed; its writer must index
// it again.
func (s *Store) heal(ctx context.Context, collection string) error {
	all, err := s.openPoints(ctx, collection)
	if err != nil {
		return err
	}
	watched := make(map[string]time.Time, len(all))
	for _, one := range all {
		id := one.point.GetUuid()
		first, known := s.watched[id]
		if !known {
			first = time.Now()
		}
		watched[id] = first
		// Either this process has observed it for long enough, or another process
		// noted when it did. The clocks of the two may differ by as much as those
		// of writers.
		ripe := one.claimed || time.Since(first) >= s.options.Abandoned ||
			!one.noticed.IsZero() && s.clock.now().Sub(one.noticed) >= s.options.Abandoned+s.options.ClockSkew
		switch {
		case ripe:
			err = s.healPoint(ctx, collection, one)
		case one.noticed.IsZero():
			err = s.mark(ctx, collection, one.point, map[string]*sdk.Value{keyNoticed: sdk.NewValueInt(s.clock.now().UnixMicro())})
		}
		if err != nil {
			return err
		}
	}
	s.watched = watched
	return nil
}

// healPoint claims an abandoned point and removes the remains of its write.
func (s *Store) healPoint(ctx context.Context, collection string, one open) error {
	if err := s.mark(ctx, collection, one.point, map[string]*sdk.Value{keyKind: sdk.NewValueString(kindClaimed)}); err != nil {
		return err
	}
	keys := make([]corpus.ChunkID, len(one.documents))
	for i, id := range one.documents {
		keys[i] = corpus.DocumentKey(id)
	}
	held, err := s.manifests(ctx, s.reading(), collection, keys)
	if err != nil {
		return err
	}
	for i, id := range one.documents {
		if err := s.removeLeftovers(ctx, collection, id, one.sequence, held[keys[i]]); err != nil {
			return err
		}
	}
	if err := s.refitAll(ctx, collection, one.documents); err != nil {
		return err
	}
	return s.deletePoints(ctx, collection, must(sdk.NewHasID(one.point)))
}

// removeLeftovers deletes the passages of a document that its manifest does not
// name, up to a sequence.
func (s *Store) removeLeftovers(ctx context.Context, collection, id string, upTo int64, held *manifest) error {
	f := must(kind(kindPassage), sdk.NewMatchKeyword(keyDocumentID, id), sdk.NewRange(keySequence, &sdk.Range{Lte: sdk.PtrOf(float64(upTo))}))
	if held != nil && !held.deleted {
		f.MustNot = []*sdk.Condition{sdk.NewMatchKeyword(keyRevision, held.revision)}
	}
	return s.deletePoints(ctx, collection, f)
}

// mark sets payload of one point if it still exists. It names the point in a filter, because
// Qdrant refuses a call that names the id of a point that is gone.
func (s *Store) mark(ctx context.Context, collection string, point *sdk.PointId, payload map[string]*sdk.Value) error {
	return s.write(ctx, "mark a point of the journal", func(ctx context.Context) error {
		_, err := s.client.SetPayload(ctx, &sdk.SetPayloadPoints{
			CollectionName: collection, Wait: sdk.PtrOf(true), Payload: payload, PointsSelector: sdk.NewPointsSelectorFilter(must(sdk.NewHasID(point))),
		})
		return err
	})
}

// torn reports whether a healer removed passages of the committed batch, or may be
// about to do so. Then it returns a sequence other than 0, and the batch must be
// written again with greater sequences.
func (s *Store) torn(ctx context.Context, collection string, batch []*write, after map[corpus.ChunkID]*manifest) (int64, error) {
	claim, err := s.claimedBelow(ctx, collection, batch)
	if err != nil || claim > 0 {
		return claim, err
	}
	won := map[string]*manifest{}
	for _, w := range batch {
		if m := after[w.key]; m != nil && m.sequence == w.sequence {
			won[m.documentID] = m
		}
	}
	missing, err := s.withMissingPassages(ctx, collection, won)
	if err != nil || len(missing) == 0 {
		return 0, err
	}
	return greatest(batch), nil
}

// claimedBelow returns the greatest sequence of the claims that name one of the
// documents and are not below the sequence of its write, or 0 if there is none.
func (s *Store) claimedBelow(ctx context.Context, collection string, writes []*write) (int64, error) {
	var greatest int64
	var mine map[shortKey]int64
	err := s.scroll(ctx, s.reading(), collection, must(kind(kindClaimed)), sdk.NewWithPayloadInclude(keyData, keySequence), nil, func(p *sdk.RetrievedPoint) error {
		if mine == nil { // claims are rare
			mine = make(map[shortKey]int64, len(writes))
			for _, w := range writes {
				mine[short(w.key)] = w.sequence
			}
		}
		keys, err := announced(p)
		if err != nil {
			return err
		}
		claim := p.GetPayload()[keySequence].GetIntegerValue()
		for _, key := range keys {
			if sequence, named := mine[key]; named && claim >= sequence {
				greatest = max(greatest, claim)
			}
		}
		return nil
	})
	return greatest, err
}

// prepareWrites runs before the first write of this store. It returns an error if
// the clock is far off or the collection's limits forbid writing. It creates
// missing payload indexes, and heals.
func (s *Store) prepareWrites(ctx context.Context, collection string) error {
	s.preparing.Lock()
	defer s.preparing.Unlock()
	if s.wrote.Load() && time.Since(s.prepared) < prepareEvery {
		return s.refusal
	}
	info, err := s.info(ctx, s.writing(), collection)
	if err != nil {
		return err
	}
	err = checkStrict(collection, info)
	if err == nil {
		err = s.checkServerClock(ctx)
	}
	if err == nil {
		err = s.checkClock(ctx, collection)
	}
	if err != nil {
		if corpus.KindOf(err) == corpus.ErrRefusedState {
			s.wrote.Store(true)
			s.prepared, s.refusal = time.Now(), err
		}
		return err
	}
	if err := s.createIndexes(ctx, collection, missingFields(s.fieldsOf(info), info)); err != nil {
		return err
	}
	if err := s.heal(ctx, collection); err != nil {
		return fmt.Errorf("remove the remains of a writer that died: %w", err)
	}
	s.wrote.Store(true)
	s.prepared, s.refusal = time.Now(), nil
	return nil
}

// prepareEvery is how often a writing store repeats the preparation.
const prepareEvery = 30 * time.Second

// checkClock refuses to write if the newest write is in the future of this
// machine's clock.
func (s *Store) checkClock(ctx context.Context, collection string) error {
	newest, err := s.newest(ctx, s.reading(), collection)
	if err != nil || newest == 0 {
		return err
	}
	now := s.clock.now().UTC()
	if ahead := when(newest).Sub(now); ahead > s.options.ClockSkew {
		return corpus.Refused("the clocks of the machines that write differ: the newest write in collection %s has the time %s, and this machine's clock is at %s, %v behind; at most %v is allowed. Set the clocks (NTP). If the time of the newest write comes from a clock that was wrong, \"dalil index --rebuild --activate\" writes the collection again with correct times",
			collection, when(newest).Format(time.RFC3339), now.Format(time.RFC3339), ahead.Round(time.Second), s.options.ClockSkew)
	}
	return nil
}

// healAgain heals from time to time in a writing store, because failed writes of
// its own also leave open points.
func (s *Store) healAgain(ctx context.Context) error {
	if !s.wrote.Load() {
		return nil
	}
	s.preparing.Lock()
	defer s.preparing.Unlock()
	return s.heal(ctx, s.Collection())
}
