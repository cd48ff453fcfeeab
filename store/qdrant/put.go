package qdrant

import (
	"context"
	"errors"
	"fmt"

	sdk "github.com/qdrant/go-client/qdrant"
	"golang.org/x/sync/errgroup"
	"google.golang.org/protobuf/proto"

	"dalil/corpus"
	"dalil/store"
)

// Put replaces documents. For each batch: the change is announced in the
// journal; the passages of the new revisions are written beside the old ones,
// which readers still see; then the manifests, each only if no greater sequence
// stands there, which is the moment readers change over; then what the new ones
// replaced is removed. Every step waits, and each can be repeated: passages are
// overwritten by greater sequences only. A process that dies in between leaves
// passages that no manifest holds, which readers drop and the next writer
// removes.
func (s *Store) Put(ctx context.Context, entries []store.Entry) error {
	ctx = context.WithValue(ctx, writing{}, true)
	name, err := s.at(ctx)
	if err != nil {
		return err
	}
	if name == "" {
		return fmt.Errorf("put: %w: create the collection first", corpus.ErrNotReady)
	}
	for i := range entries {
		if err := s.check(&entries[i]); err != nil {
			return fmt.Errorf("put %q: %w", entries[i].Document.ID, err)
		}
	}
	if err := s.healFirst(ctx, name); err != nil {
		return err
	}
	for batch := range batches(lastOfEach(entries)) {
		if err := s.put(ctx, name, batch); err != nil {
			return fmt.Errorf("put %d documents, the first %q: %w", len(batch), batch[0].Document.ID, err)
		}
	}
	return nil
}

func (s *Store) check(e *store.Entry) error {
	if err := e.Check(s.options.Pipeline.Dimensions); err != nil {
		return err
	}
	if at := e.Document.PublishedAt; !at.IsZero() && (at.UTC().Before(earliest) || at.UTC().After(latest)) {
		return corpus.Invalid("document.published_at", fmt.Sprintf("must be of years 1 to 9999, is %v", at))
	}
	return nil
}

// lastOfEach leaves out entries that a later one replaces.
func lastOfEach(entries []store.Entry) []*store.Entry {
	last := make(map[string]int, len(entries))
	for i := range entries {
		last[entries[i].Document.ID] = i
	}
	kept := make([]*store.Entry, 0, len(last))
	for i := range entries {
		if last[entries[i].Document.ID] == i {
			kept = append(kept, &entries[i])
		}
	}
	return kept
}

// batchPassages is how many passages are committed together, unless one
// document has more.
const batchPassages = 2000

func batches(entries []*store.Entry) func(yield func([]*store.Entry) bool) {
	return func(yield func([]*store.Entry) bool) {
		start, passages := 0, 0
		for i, e := range entries {
			if n := len(e.Points); passages+n > batchPassages && i > start {
				if !yield(entries[start:i]) {
					return
				}
				start, passages = i, 0
			}
			passages += len(e.Points)
		}
		if start < len(entries) {
			yield(entries[start:])
		}
	}
}

func (s *Store) put(ctx context.Context, collection string, entries []*store.Entry) error {
	ids := make([]string, len(entries))
	keys := make([]corpus.ChunkID, len(entries))
	for i, e := range entries {
		ids[i], keys[i] = e.Document.ID, corpus.DocumentKey(e.Document.ID)
	}
	before, err := s.manifests(ctx, collection, keys)
	if err != nil {
		return err
	}
	for i, key := range keys {
		if m := before[key]; m != nil && m.documentID != ids[i] {
			return fmt.Errorf("%w: document ids %q and %q share a key; change one of them", corpus.ErrConflict, ids[i], m.documentID)
		}
	}
	replaced, err := s.termsOf(ctx, collection, before)
	if err != nil {
		return err
	}
	sequence := s.clock.next()
	told, err := s.announce(ctx, collection, ids, sequence)
	if err != nil {
		return err
	}
	pipeline := s.options.Pipeline.Fingerprint()
	var passages, manifests []*sdk.PointStruct
	for _, e := range entries {
		for i := range e.Points {
			passages = append(passages, passagePoint(e, &e.Points[i], pipeline, sequence))
		}
		manifests = append(manifests, manifestPoint(e, pipeline, sequence))
	}
	if err := s.upsert(ctx, collection, passages, sequence); err != nil {
		return err
	}
	if err := s.upsert(ctx, collection, manifests, sequence); err != nil {
		return err
	}
	if err := s.tidy(ctx, collection, entries, keys, sequence, replaced); err != nil {
		return err
	}
	return told.complete(ctx)
}

// tidy looks who won, removes what lost, and counts the terms that came and
// went.
func (s *Store) tidy(ctx context.Context, collection string, entries []*store.Entry, keys []corpus.ChunkID, sequence int64, replaced map[corpus.ChunkID][]corpus.Sparse) error {
	after, err := s.manifests(ctx, collection, keys)
	if err != nil {
		return err
	}
	var won, lost []string
	for i, e := range entries {
		m := after[keys[i]]
		if m == nil || m.sequence != sequence || m.revision != revision(e) {
			lost = append(lost, e.Document.ID)
			continue
		}
		won = append(won, e.Document.ID)
		s.vocabulary.replaced(replaced[keys[i]], e.Points)
	}
	// What is older than this write goes, of the documents it won. Of the others
	// a newer write stands, which removed what it knew of; what this one wrote
	// after that is removed here.
	return errors.Join(
		s.remove(ctx, collection, won, sequence, nil),
		s.remove(ctx, collection, lost, sequence+1, after),
	)
}

// remove deletes the passages of documents whose sequence is smaller than the
// one given. Where winners are given, the revision that won stays.
func (s *Store) remove(ctx context.Context, collection string, documents []string, below int64, winners map[corpus.ChunkID]*manifest) error {
	older := sdk.NewRange(keySequence, &sdk.Range{Lt: sdk.PtrOf(float64(below))})
	if winners == nil && len(documents) > 0 {
		return s.deletePoints(ctx, collection, must(kind(kindPassage), sdk.NewMatchKeywords(keyDocumentID, documents...), older))
	}
	for _, id := range documents {
		f := must(kind(kindPassage), sdk.NewMatchKeyword(keyDocumentID, id), older)
		if m := winners[corpus.DocumentKey(id)]; m != nil && !m.deleted {
			f.MustNot = []*sdk.Condition{sdk.NewMatchKeyword(keyRevision, m.revision)}
		}
		if err := s.deletePoints(ctx, collection, f); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) deletePoints(ctx context.Context, collection string, f *sdk.Filter) error {
	err := s.write(ctx, "delete points", func(ctx context.Context) error {
		_, err := s.client.Delete(ctx, &sdk.DeletePoints{
			CollectionName: collection, Wait: sdk.PtrOf(true), Points: sdk.NewPointsSelectorFilter(f),
		})
		return err
	})
	return gone(collection, err)
}

// Delete removes documents: first their manifests become tombstones, which is
// when readers lose them, and then the passages go. A tombstone keeps a Put that
// began earlier from bringing half of the document back; it goes when it is
// older than any Put can be.
func (s *Store) Delete(ctx context.Context, ids []string) error {
	ctx = context.WithValue(ctx, writing{}, true)
	name, err := s.at(ctx)
	if err != nil || name == "" || len(ids) == 0 {
		return errors.Join(err, ctx.Err())
	}
	for len(ids) > 0 {
		n := min(len(ids), readBatch)
		if err := s.delete(ctx, name, ids[:n]); err != nil {
			return fmt.Errorf("delete %d documents, the first %q: %w", n, ids[0], err)
		}
		ids = ids[n:]
	}
	return nil
}

func (s *Store) delete(ctx context.Context, collection string, ids []string) error {
	known, err := s.known(ctx, ids)
	if err != nil || len(known) == 0 {
		return err
	}
	held := make(map[corpus.ChunkID]*manifest, len(known))
	var gone []string
	sequence := s.clock.next()
	var tombstones []*sdk.PointStruct
	for id, m := range known {
		held[corpus.DocumentKey(id)] = m
		gone = append(gone, id)
		tombstones = append(tombstones, tombstone(id, sequence))
	}
	replaced, err := s.termsOf(ctx, collection, held)
	if err != nil {
		return err
	}
	told, err := s.announce(ctx, collection, gone, sequence)
	if err != nil {
		return err
	}
	if err := s.upsert(ctx, collection, tombstones, sequence); err != nil {
		return err
	}
	for _, terms := range replaced {
		s.vocabulary.replaced(terms, nil)
	}
	if err := s.remove(ctx, collection, gone, sequence, nil); err != nil {
		return err
	}
	old := float64(sequence - tombstoneAge.Microseconds())
	if err := s.deletePoints(ctx, collection, must(kind(kindDeleted), sdk.NewRange(keySequence, &sdk.Range{Lt: &old}))); err != nil {
		return err
	}
	return told.complete(ctx)
}

// upsert writes points in requests of bounded size, several at a time. Points
// that are there with a greater sequence stay as they are.
func (s *Store) upsert(ctx context.Context, collection string, points []*sdk.PointStruct, sequence int64) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(s.options.Parallel)
	for len(points) > 0 {
		n, bytes := 0, 0
		for n < len(points) && n < requestPoints && bytes < requestBytes {
			bytes += proto.Size(points[n])
			n++
		}
		part := points[:n]
		points = points[n:]
		group.Go(func() error { return s.upsertPart(ctx, collection, part, sequence) })
	}
	return group.Wait()
}

// The size of one write request.
const (
	requestPoints = 256
	requestBytes  = 4 << 20
)

// upsertPart sends one request. Writes are not ordered between the copies of a
// shard: of two with different sequences the greater one stays whatever comes
// first, so all copies end alike without a leader, whose loss would stop them. A
// server that says it is too large gets halves, down to a single point, whose
// refusal is final.
func (s *Store) upsertPart(ctx context.Context, collection string, points []*sdk.PointStruct, sequence int64) error {
	older := must(sdk.NewRange(keySequence, &sdk.Range{Lt: sdk.PtrOf(float64(sequence))}))
	if err := s.sending.Acquire(ctx, 1); err != nil {
		return err
	}
	err := s.write(ctx, fmt.Sprintf("upsert %d points", len(points)), func(ctx context.Context) error {
		_, err := s.client.Upsert(ctx, &sdk.UpsertPoints{
			CollectionName: collection, Wait: sdk.PtrOf(true), Points: points, UpdateFilter: older,
		})
		return err
	})
	s.sending.Release(1)
	if errors.Is(err, corpus.ErrExhausted) && ctx.Err() == nil {
		if len(points) == 1 {
			p := points[0].GetPayload()
			return fmt.Errorf("%s %d of %q: %w", p[keyKind].GetStringValue(), p[keyOrdinal].GetIntegerValue(), p[keyDocumentID].GetStringValue(), err)
		}
		half := len(points) / 2
		return errors.Join(s.upsertPart(ctx, collection, points[:half], sequence), s.upsertPart(ctx, collection, points[half:], sequence))
	}
	return gone(collection, err)
}
