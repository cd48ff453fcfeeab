package qdrant

import (
	"context"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"time"

	sdk "github.com/qdrant/go-client/qdrant"

	"dalil/corpus"
)

// The journal lets readers use manifests that they read earlier. A writer first
// announces a change of documents in a point of its own, and marks that point when
// the change is complete. With each question, a reader reads the points that are
// open or were marked recently. For the documents named there it reads the
// manifests again; for all others, manifests read earlier are still valid. So a
// question costs one small read instead of a manifest for every document found. A
// process that dies leaves its point open; readers check its documents every time
// until another writer has repaired them.
type announcement struct {
	store      *Store
	collection string
	id         corpus.ChunkID
	documents  []string
	sequence   int64
}

// keyBytes is how many bytes of a document's key identify it. The other bytes are the same in all keys.
const keyBytes = 9

type shortKey [keyBytes]byte

func short(key corpus.ChunkID) (k shortKey) { copy(k[:], key[:]); return k }

// announce writes a point with the documents that are about to change. The point
// has an id of its own, because two writers may use the same sequence.
func (s *Store) announce(ctx context.Context, collection string, documents []string, sequence int64) (*announcement, error) {
	id := corpus.NewChunkID("journal", fmt.Sprintf("%d-%d", sequence, rand.Uint64()), 0)
	a := &announcement{s, collection, id, documents, sequence}
	return a, a.write(ctx, sequence, nil)
}

// complete marks the change as complete, and removes marks that no reader needs any
// more.
func (a *announcement) complete(ctx context.Context) error {
	s := a.store
	now := s.clock.now()
	if err := a.write(ctx, s.clock.after(a.sequence), sdk.NewValueInt(now.UnixMicro())); err != nil {
		return err
	}
	if last := s.swept.Load(); time.Since(time.UnixMicro(last)) < sweepEvery || !s.swept.CompareAndSwap(last, time.Now().UnixMicro()) {
		return nil
	}
	old := float64(now.Add(-2 * journalMargin).UnixMicro())
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
	// journalMargin is how long a mark counts as recent. It is longer than any
	// question takes, and longer than the difference between the clocks of readers
	// and writers.
	journalMargin = 10 * time.Second
	sweepEvery    = 5 * time.Second
	// journalMost is the largest number of journal points that a reader uses. If
	// there are more, as while many documents are indexed, it reads all manifests
	// instead.
	journalMost = 16
)

// changing is the set of documents that were being changed since a time, or all documents.
type changing struct {
	all  bool
	some map[shortKey]struct{}
}

func (c changing) has(key corpus.ChunkID) bool {
	_, named := c.some[short(key)]
	return c.all || named
}

// journal reads which documents have been changing since begun, or may have been.
func (s *Store) journal(ctx context.Context, collection string, begun time.Time) (changing, error) {
	since := float64(begun.Add(-journalMargin).UnixMicro())
	var points []*sdk.RetrievedPoint
	err := s.read(ctx, "read the journal", func(ctx context.Context) (err error) {
		points, err = s.client.Scroll(ctx, &sdk.ScrollPoints{
			CollectionName: collection, Limit: sdk.PtrOf(uint32(journalMost + 1)), WithPayload: sdk.NewWithPayloadInclude(keyData),
			Filter: &sdk.Filter{
				Must:    []*sdk.Condition{sdk.NewMatchKeywords(keyKind, kindJournal, kindClaimed)},
				MustNot: []*sdk.Condition{sdk.NewRange(keyDone, &sdk.Range{Lt: &since})},
			},
		})
		return err
	})
	if err != nil {
		return changing{}, err
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
		return nil, corpus.Errorf(corpus.ErrCorrupt, "point %v of the journal can't be read", p.GetId())
	}
	keys := make([]shortKey, len(data)/keyBytes)
	for i := range keys {
		copy(keys[i][:], data[i*keyBytes:])
	}
	return keys, nil
}
