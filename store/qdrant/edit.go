package qdrant

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	sdk "github.com/qdrant/go-client/qdrant"

	"dalil/corpus"
	"dalil/store"
)

// An edit changes a document's fields and keeps its passages. The manifest has all fields,
// and writing it is the commit, conditional on the version that was read. Then the fields
// that filters use are set in the passages (refit). Answers take a document's fields from
// its manifest, so they are those from before or after the edit. Until the passages are
// refitted, filters find them by the fields from before. A process that dies in between
// leaves its point of the journal open, and a healer refits the passages.

var _ store.Editor = (*Store)(nil)

// Edit changes a document's fields.
func (s *Store) Edit(ctx context.Context, e store.Edit) error {
	if err := checkPublished(e.Document.PublishedAt); err != nil {
		return fmt.Errorf("edit %q: %w", e.Document.ID, err)
	}
	name, err := s.at(ctx, s.reading())
	if err != nil {
		return err
	}
	if name == "" {
		return noDocument(e.Document.ID)
	}
	if err := s.active(ctx, name); err != nil {
		return err
	}
	if err := s.active(ctx, name); err != nil {
		return err
	}
	if err := s.prepareWrites(ctx, name); err != nil {
		return err
	}
	begun := s.clock.now()
	if err := s.editAgain(ctx, name, e, begun); err != nil {
		return err
	}
	if s.clock.now().Sub(begun) >= overtakenWithin { // as confirm does
		s.lease.end()
	}
	if err := s.active(ctx, name); err != nil {
		return &corpus.UnknownError{Cause: err}
	}
	return nil
}

// editAgain edits a document until no other writer is faster.
func (s *Store) editAgain(ctx context.Context, name string, e store.Edit, begun time.Time) error {
	id, floor := e.Document.ID, int64(0)
	for try := range redoMost {
		if try > 0 {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(rand.N(time.Duration(try) * time.Millisecond)):
			}
		}
		known, err := s.known(ctx, s.reading(), name, []string{id}, keyFingerprint)
		if err != nil {
			return err
		}
		m := known[id]
		if m == nil || m.life.expired(s.clock.now()) {
			return noDocument(id)
		}
		if err := mayReplace(id, m, s.clock.now(), e.If, e.Document.SourceVersion); err != nil {
			return err
		}
		done, claim, err := s.edit(ctx, name, e, m, floor)
		if done || err != nil {
			return s.confirmed(ctx, name, err)
		}
		floor = max(floor, claim)
		if claim > 0 { // this edit itself is the current version now
			e.If = corpus.Condition{}
		}
		if s.clock.now().Sub(begun) >= overtakenWithin {
			break
		}
	}
	return overtaken(id)
}

// edit writes one edit over the version m. It is not done if another writer was faster, or
// if a healer may have claimed it; then claim is the healer's sequence.
func (s *Store) edit(ctx context.Context, collection string, e store.Edit, m *manifest, floor int64) (done bool, claim int64, err error) {
	id, key := e.Document.ID, corpus.DocumentKey(e.Document.ID)
	sequence := s.clock.after(max(m.sequence, floor))
	announced, err := s.announce(ctx, collection, []string{id}, sequence)
	if err != nil {
		return false, 0, err
	}
	point := manifestOf(&e.Document, store.EditedFingerprint(m.fingerprint, e.Content, m.revision), m.revision, m.chunks, s.options.Pipeline.Fingerprint(), sequence)
	point.Payload[keyEdited] = sdk.NewValueInt(sequence)
	failed := s.upsertGuarded(ctx, collection, []guarded{{point, m.sequence}})
	if failed != nil { // it may have taken effect
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), min(lookBackWithin, s.options.Timeout))
		defer cancel()
		ctx = late
	}
	unknown := func(err error) error { return &corpus.UnknownError{Cause: err} }
	after, err := s.manifests(ctx, s.reading(), collection, []corpus.ChunkID{key})
	if err != nil {
		return false, 0, unknown(err)
	}
	if now := after[key]; now == nil || now.sequence != sequence {
		s.completed(ctx, announced)
		return false, 0, failed
	}
	if err := s.refit(ctx, collection, id, m.revision, sequence, point.GetPayload()); err != nil {
		return false, 0, unknown(err)
	}
	claim, err = s.claimedBelow(ctx, collection, []*write{{key: key, sequence: sequence}})
	if err != nil {
		return false, 0, unknown(err)
	}
	if claim > 0 {
		return false, claim, nil
	}
	s.completed(ctx, announced)
	return true, 0, nil
}

func (s *Store) completed(ctx context.Context, a *announcement) {
	if err := a.complete(ctx); err != nil {
		s.options.Log.Warn("a change could not be marked as complete; it is marked later", "error", err)
	}
}

// fitted are the keys of a passage that an edit may change.
var fitted = []string{
	keyURL, keyLanguage, keySource, keyAuthor, keyTags, keyPublished, keyNanoseconds, keyMetadata, keyMetaKeys, keyTexts,
	keyNumbers, keyTimes, keyExpires, keyVisible, keyGroups,
}

// refit sets the fields of a manifest's payload in the passages of its revision whose
// sequence is smaller, and removes the others. It can be repeated. Of several refits, that
// with the greatest sequence remains, in whatever order they arrive.
func (s *Store) refit(ctx context.Context, collection, id, revision string, sequence int64, payload map[string]*sdk.Value) error {
	at := float64(sequence)
	passages := func(bound *sdk.Range) *sdk.PointsSelector {
		return sdk.NewPointsSelectorFilter(must(kind(kindPassage), sdk.NewMatchKeyword(keyDocumentID, id), sdk.NewMatchKeyword(keyRevision, revision), sdk.NewRange(keySequence, bound)))
	}
	set := map[string]*sdk.Value{keySequence: sdk.NewValueInt(sequence)}
	var missing []string
	for _, key := range fitted {
		if v, held := payload[key]; held {
			set[key] = v
		} else {
			missing = append(missing, key)
		}
	}
	if err := s.write(ctx, "set the fields of passages", func(ctx context.Context) error {
		_, err := s.client.SetPayload(ctx, &sdk.SetPayloadPoints{
			CollectionName: collection, Wait: sdk.PtrOf(true), Payload: set, PointsSelector: passages(&sdk.Range{Lt: &at}),
		})
		return err
	}); err != nil || len(missing) == 0 {
		return err
	}
	return s.write(ctx, "remove fields of passages", func(ctx context.Context) error {
		_, err := s.client.DeletePayload(ctx, &sdk.DeletePayloadPoints{
			CollectionName: collection, Wait: sdk.PtrOf(true), Keys: missing, PointsSelector: passages(&sdk.Range{Gte: &at, Lte: &at}),
		})
		return err
	})
}

// refitAll refits the passages of edited documents, as a healer does.
func (s *Store) refitAll(ctx context.Context, collection string, ids []string) error {
	held, err := s.known(ctx, s.reading(), collection, ids, slices.Concat(fitted, []string{keyEdited})...)
	if err != nil {
		return err
	}
	for id, m := range held {
		if m.payload[keyEdited].GetIntegerValue() == 0 {
			continue
		}
		if err := s.refit(ctx, collection, id, m.revision, m.sequence, maps.Clone(m.payload)); err != nil {
			return err
		}
	}
	return nil
}

// caughtUp makes a reader that has asked nothing for a while forget the manifests of documents
// that were edited meanwhile. The journal no longer names them, and their passages are the
// same. start is when the current search began.
func (s *Store) caughtUp(ctx context.Context, collection string, start time.Time) error {
	last := s.lastAsked.Load()
	if last == 0 || start.UnixMicro()-last < (journalMargin/2).Microseconds() {
		s.lastAsked.Store(max(last, start.UnixMicro()))
		return nil
	}
	since := float64(last - journalMargin.Microseconds())
	var points []*sdk.RetrievedPoint
	err := s.read(ctx, "list edited documents", func(ctx context.Context) (err error) {
		points, err = s.client.Scroll(ctx, &sdk.ScrollPoints{
			CollectionName: collection, Limit: sdk.PtrOf(uint32(readBatch)), WithPayload: sdk.NewWithPayload(false),
			Filter: must(kind(kindDocument), sdk.NewRange(keyEdited, &sdk.Range{Gte: &since})),
		})
		return err
	})
	if err != nil {
		return err
	}
	if len(points) == readBatch {
		s.seen.InvalidateAll()
	}
	for _, p := range points {
		key, err := chunkID(p.GetId())
		if err != nil {
			return err
		}
		s.seen.Invalidate(key)
	}
	s.lastAsked.Store(max(last, start.UnixMicro()))
	return nil
}
