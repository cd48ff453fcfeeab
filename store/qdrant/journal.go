package qdrant

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	sdk "github.com/qdrant/go-client/qdrant"

	"dalil/corpus"
)

// The journal lets readers trust what they know. Whoever is about to change
// documents says so first, in a point of its own, and marks that point when the
// change is complete. A reader that asks a question reads, beside it, the points
// that are open or were marked since just before: the documents named there are
// judged by their manifests, read fresh; of all others a manifest read earlier
// still stands. So a question costs a small read, and not a manifest for every
// document found. A process that dies leaves its point open: its documents are
// looked at until the next writer has tidied up behind it.
type announcement struct {
	store      *Store
	collection string
	id         corpus.ChunkID
	documents  []string
}

// keyBytes of a document's key tell it from others; the rest is the same in all.
const keyBytes = 9

type shortKey [keyBytes]byte

func short(key corpus.ChunkID) (k shortKey) { copy(k[:], key[:]); return k }

// announce says which documents are about to change.
func (s *Store) announce(ctx context.Context, collection string, documents []string, sequence int64) (*announcement, error) {
	a := &announcement{s, collection, corpus.NewChunkID("journal", fmt.Sprint(sequence), 0), documents}
	return a, a.write(ctx, sequence, nil)
}

// complete marks the change as done, and removes marks that no reader needs any
// more.
func (a *announcement) complete(ctx context.Context) error {
	s := a.store
	if err := a.write(ctx, s.clock.next(), sdk.NewValueInt(time.Now().UnixMicro())); err != nil {
		return err
	}
	if last := s.swept.Load(); time.Since(time.UnixMicro(last)) < sweepEvery || !s.swept.CompareAndSwap(last, time.Now().UnixMicro()) {
		return nil
	}
	old := float64(time.Now().Add(-2 * journalMargin).UnixMicro())
	return s.deletePoints(ctx, a.collection, must(kind(kindJournal), sdk.NewRange(keyDone, &sdk.Range{Lt: &old})))
}

func (a *announcement) write(ctx context.Context, sequence int64, done *sdk.Value) error {
	data := make([]byte, 0, len(a.documents)*keyBytes)
	for _, id := range a.documents {
		key := corpus.DocumentKey(id)
		data = append(data, key[:keyBytes]...)
	}
	payload := map[string]*sdk.Value{
		keyKind: sdk.NewValueString(kindJournal), keySequence: sdk.NewValueInt(sequence),
		keyData: sdk.NewValueString(base64.StdEncoding.EncodeToString(data)), keyDocuments: stringList(a.documents),
	}
	if done != nil {
		payload[keyDone] = done
	}
	return a.store.upsert(ctx, a.collection, []*sdk.PointStruct{{Id: pointID(a.id), Vectors: noVectors(), Payload: payload}}, sequence)
}

const (
	// journalMargin is how long a mark counts as new: longer than any question
	// takes, and than the clocks of readers and writers differ.
	journalMargin = 10 * time.Second
	sweepEvery    = 5 * time.Second
	// journalMost is how many points of the journal a reader looks at before it
	// reads all manifests instead, as while many documents are indexed.
	journalMost = 16
)

// changing are the documents that were being changed since begun, or all.
type changing struct {
	all  bool
	some map[shortKey]struct{}
}

func (c changing) has(key corpus.ChunkID) bool {
	_, named := c.some[short(key)]
	return c.all || named
}

// journal reads what has been changing since begun, or may have been.
func (s *Store) journal(ctx context.Context, collection string, begun time.Time) (changing, error) {
	since := float64(begun.Add(-journalMargin).UnixMicro())
	var points []*sdk.RetrievedPoint
	err := s.read(ctx, "read the journal", func(ctx context.Context) (err error) {
		points, err = s.client.Scroll(ctx, &sdk.ScrollPoints{
			CollectionName: collection, Limit: sdk.PtrOf(uint32(journalMost + 1)), WithPayload: sdk.NewWithPayloadInclude(keyData),
			Filter: &sdk.Filter{
				Must:    []*sdk.Condition{kind(kindJournal)},
				MustNot: []*sdk.Condition{sdk.NewRange(keyDone, &sdk.Range{Lt: &since})},
			},
		})
		return err
	})
	if err != nil {
		return changing{}, gone(collection, err)
	}
	c := changing{all: len(points) > journalMost, some: map[shortKey]struct{}{}}
	for _, p := range points {
		keys, err := announced(p)
		if err != nil {
			return changing{}, err
		}
		for _, key := range keys {
			c.some[key] = struct{}{}
		}
	}
	return c, nil
}

func announced(p *sdk.RetrievedPoint) ([]shortKey, error) {
	data, err := base64.StdEncoding.DecodeString(p.GetPayload()[keyData].GetStringValue())
	if err != nil || len(data)%keyBytes != 0 {
		return nil, fmt.Errorf("%w: point %v of the journal", corpus.ErrCorrupt, p.GetId())
	}
	keys := make([]shortKey, len(data)/keyBytes)
	for i := range keys {
		copy(keys[i][:], data[i*keyBytes:])
	}
	return keys, nil
}

// heal tidies up behind processes that died while they changed documents:
// passages that no manifest holds go, and then the open points. A document that
// had been committed keeps what its manifest holds; the rest of a document that
// had not is removed, and its source is indexed again by whoever wrote it.
func (s *Store) heal(ctx context.Context, collection string) error {
	old := float64(time.Now().Add(-s.options.Abandoned).UnixMicro())
	open := must(kind(kindJournal), sdk.NewIsEmpty(keyDone), sdk.NewRange(keySequence, &sdk.Range{Lt: &old}))
	type broken struct {
		point     *sdk.PointId
		sequence  int64
		documents []string
	}
	var all []broken
	err := s.scroll(ctx, collection, open, sdk.NewWithPayloadInclude(keyDocuments, keySequence), nil, func(p *sdk.RetrievedPoint) error {
		all = append(all, broken{p.GetId(), p.GetPayload()[keySequence].GetIntegerValue(), texts(p.GetPayload()[keyDocuments])})
		return nil
	})
	if err != nil {
		return err
	}
	for _, b := range all {
		keys := make([]corpus.ChunkID, len(b.documents))
		for i, id := range b.documents {
			keys[i] = corpus.DocumentKey(id)
		}
		held, err := s.manifests(ctx, collection, keys)
		if err != nil {
			return err
		}
		for i, id := range b.documents {
			below := b.sequence + 1
			if m := held[keys[i]]; m != nil {
				below = m.sequence
			}
			if err := s.remove(ctx, collection, []string{id}, below, nil); err != nil {
				return err
			}
		}
		if err := s.deletePoints(ctx, collection, must(sdk.NewHasID(b.point))); err != nil {
			return err
		}
	}
	return nil
}

// healFirst heals before the first write of this store, and indexes metadata
// keys that were declared after the collection was made.
func (s *Store) healFirst(ctx context.Context, collection string) error {
	if s.healed.Load() != 0 {
		return nil
	}
	if err := s.createIndexes(ctx, collection, s.numberFields()); err != nil {
		return err
	}
	return s.healNow(ctx, collection)
}

// healAgain heals now and then in a store that writes: writes of its own that
// failed are left open too.
func (s *Store) healAgain(ctx context.Context) error {
	last := s.healed.Load()
	if last == 0 || time.Since(time.UnixMicro(last)) < s.options.Abandoned {
		return nil
	}
	return s.healNow(ctx, s.Collection())
}

func (s *Store) healNow(ctx context.Context, collection string) error {
	if err := s.heal(ctx, collection); err != nil {
		return errors.Join(errors.New("tidy up behind a writer that died"), err)
	}
	s.healed.Store(time.Now().UnixMicro())
	return nil
}
