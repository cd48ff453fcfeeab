package qdrant

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	sdk "github.com/qdrant/go-client/qdrant"

	"dalil/corpus"
	"dalil/store"
)

// Put replaces documents. For each batch: the change is announced in the
// journal; the passages of the new revisions are written beside the old ones,
// which readers still see; then the manifests, each only if no greater sequence
// is held, which is the moment readers change over; then what the new ones
// replaced is removed. Every step waits, and each can be repeated: passages are
// overwritten by greater sequences only. A process that dies in between leaves
// passages that no manifest holds, which readers drop and another writer removes
// (heal.go).
//
// Where some of the documents were written and others were not, the error is a
// store.PutError. A document that another writer replaced meanwhile is
// corpus.ErrConflict.
func (s *Store) Put(ctx context.Context, entries []store.Entry) error {
	name, err := s.at(ctx, s.reading())
	if err != nil {
		return err
	}
	if name == "" {
		return corpus.Errorf(corpus.ErrNotReady, "put: create the collection first")
	}
	for i := range entries {
		if err := s.check(&entries[i]); err != nil {
			return fmt.Errorf("put %q: %w", entries[i].Document.ID, err)
		}
	}
	writes := make([]*write, 0, len(entries))
	for _, e := range lastOfEach(entries) {
		writes = append(writes, &write{entry: e, key: corpus.DocumentKey(e.Document.ID)})
	}
	return s.putAll(ctx, name, writes)
}

func (s *Store) putAll(ctx context.Context, collection string, writes []*write) error {
	if err := s.active(ctx, collection); err != nil {
		return err
	}
	if err := s.prepareWrites(ctx, collection); err != nil {
		return err
	}
	for _, w := range writes {
		s.shares(w.entry.Document.ID)
	}
	for batch := range batches(writes) {
		s.put(ctx, collection, batch)
	}
	s.confirm(ctx, collection, writes)
	return failures(writes)
}

func (s *Store) check(e *store.Entry) error {
	if err := e.Check(s.options.Pipeline.Dimensions); err != nil {
		return err
	}
	return checkPublished(e.Document.PublishedAt)
}

func checkPublished(at time.Time) error {
	if !at.IsZero() && (at.UTC().Before(earliest) || at.UTC().After(latest)) {
		return corpus.Invalid("document.published_at", fmt.Sprintf("must be of years 1 to 9999, is %v", at))
	}
	return nil
}

// write is the write of one entry, with its outcome.
type write struct {
	entry    *store.Entry
	key      corpus.ChunkID
	carried  int64     // the sequence to write with if the entry is carried from another collection; 0: a new one
	over     time.Time // time of the version that a carried entry may replace although it is newer; zero: none
	sequence int64     // of this try
	before   int64     // the document's sequence when the write began
	begun    time.Time // when before was read first, by the store's clock; zero: not read yet
	began    time.Time // the same by the clock of the process
	mine     bool      // before is the sequence of this write itself, which was committed and is repeated
	replaced []corpus.Sparse
	done     bool
	passed   bool // carried, and the current version is newer
	err      error
}

const (
	// redoMost is how often a batch is written again because a healer claimed it or
	// another writer was faster.
	redoMost = 24
	// overtakenWithin is how old a write may be to be written again if another
	// writer was faster. An older write was delayed, and the current version is
	// newer than it: that is a conflict.
	overtakenWithin = 5 * time.Second
)

// put writes one batch and sets the outcome of each write.
func (s *Store) put(ctx context.Context, collection string, batch []*write) {
	floor := int64(0)
	for try := range redoMost {
		todo := unfinished(batch)
		if len(todo) == 0 {
			return
		}
		if try > 0 { // two writers of the same document separate in time
			select {
			case <-ctx.Done():
			case <-time.After(rand.N(time.Duration(try) * time.Millisecond)):
			}
		}
		claim, err := s.try(ctx, collection, todo, floor)
		if err != nil {
			for _, w := range unfinished(todo) {
				w.err = err
				if w.mine { // an earlier attempt committed it
					w.err = &corpus.UnknownError{Cause: err}
				}
			}
			return
		}
		floor = max(floor, claim)
	}
	for _, w := range unfinished(batch) {
		w.err = overtaken(w.entry.Document.ID)
	}
}

// recent reports whether the write began recently enough to be written again.
func (s *Store) recent(w *write) bool {
	// The wall clock shows whether the machine was suspended; both clocks show whether the process was.
	wall := s.clock.now().Round(0).Sub(w.begun.Round(0))
	return max(wall, time.Since(w.began)) < overtakenWithin
}

// try writes the batch once, with sequences above floor. If a healer may have
// removed parts of it, claim is not 0, and the batch must be written again with
// sequences above claim.
func (s *Store) try(ctx context.Context, collection string, batch []*write, floor int64) (claim int64, err error) {
	if batch, err = s.begin(ctx, collection, batch, floor); err != nil || len(batch) == 0 {
		return 0, err
	}
	if batch, err = s.alone(ctx, collection, batch); err != nil || len(batch) == 0 {
		return 0, err
	}
	announced, err := s.announce(ctx, collection, documentsOf(batch), greatest(batch))
	if err != nil {
		return 0, err
	}
	began := time.Now()
	pipeline := s.options.Pipeline.Fingerprint()
	var passages, manifests []*sdk.PointStruct
	for _, w := range batch {
		for i := range w.entry.Points {
			passages = append(passages, passagePoint(w.entry, &w.entry.Points[i], pipeline, w.sequence))
		}
		manifests = append(manifests, manifestPoint(w.entry, pipeline, w.sequence))
	}
	over := least(batch)
	if err := s.upsert(ctx, collection, passages, over); err != nil {
		return 0, err
	}
	if time.Since(began) > claimAfter { // otherwise the check after the commit is enough
		if claim, err = s.claimedBelow(ctx, collection, batch); err != nil || claim > 0 {
			return claim, err
		}
	}
	if err := s.commit(ctx, collection, batch, manifests, over); err != nil {
		return 0, s.lookBack(ctx, collection, batch, err)
	}
	after, err := s.manifests(ctx, s.reading(), collection, keysOf(batch), keyFingerprint)
	if err == nil {
		claim, err = s.torn(ctx, collection, batch, after)
	}
	switch {
	case err != nil:
		return 0, s.lookBack(ctx, collection, batch, err)
	case claim > 0:
		for _, w := range batch { // its own commit is not a conflict
			if m := after[w.key]; m != nil && m.sequence == w.sequence {
				w.before, w.mine = m.sequence, true
			}
		}
		return claim, nil
	}
	s.settle(batch, after)
	// Committed documents are written, even if the cleanup fails. The announcement
	// then stays open, and the next healer cleans up.
	if err := s.removeReplaced(ctx, collection, batch, after); err != nil {
		s.options.Log.Warn("replaced passages could not be removed; they are removed later", "error", err)
		return 0, nil
	}
	if err := announced.complete(ctx); err != nil {
		s.options.Log.Warn("a change could not be marked as complete; it is marked later", "error", err)
	}
	return 0, nil
}

// claimAfter is the age above which a write checks for claims before its commit. No
// healer claims a younger write.
const claimAfter = time.Second

// begin reads the current versions, chooses the sequences, and leaves out writes
// that have lost already.
func (s *Store) begin(ctx context.Context, collection string, batch []*write, floor int64) ([]*write, error) {
	held, err := s.manifests(ctx, s.reading(), collection, keysOf(batch), keyFingerprint)
	if err != nil {
		return nil, err
	}
	now := s.clock.now()
	var kept []*write
	for _, w := range batch {
		m := held[w.key]
		holds := int64(0)
		if m != nil {
			holds = m.sequence
		}
		switch id := w.entry.Document.ID; {
		case m != nil && m.documentID != id:
			w.err = corpus.Errorf(corpus.ErrConflict, "document ids %q and %q share a key; change one of them", id, m.documentID)
		case w.carried > 0 && !w.mine && holds >= w.carried && !(!w.over.IsZero() && when(holds).Equal(w.over)):
			w.passed = true
		case w.guarded() && !(w.mine && holds == w.before) && w.mayReplace(m, now) != nil:
			w.err = w.mayReplace(m, now)
		case !w.begun.IsZero() && holds != w.before && !s.recent(w):
			w.err = overtaken(id)
		default:
			if w.begun.IsZero() {
				w.begun, w.began = s.clock.now(), time.Now()
			}
			w.mine = w.mine && holds == w.before
			w.before = holds
			kept = append(kept, w)
		}
	}
	above := floor
	for _, w := range kept {
		above = max(above, w.before)
	}
	fresh := s.clock.after(above)
	for _, w := range kept {
		w.sequence = fresh
		if w.carried > 0 {
			w.sequence = max(w.carried, floor+1, w.before+1)
		}
	}
	terms, err := s.termsOf(ctx, collection, held)
	if err != nil {
		return nil, err
	}
	for _, w := range kept {
		if !w.mine { // otherwise they belong to this write itself
			w.replaced = terms[w.key]
		}
	}
	return kept, nil
}

// alone writes the documents of a carried batch that replace a version, each in a
// request of its own, because the condition of a request is the same sequence for
// all its points. It returns the others.
func (s *Store) alone(ctx context.Context, collection string, batch []*write) ([]*write, error) {
	if len(batch) == 1 || least(batch) == greatest(batch) {
		return batch, nil
	}
	var together []*write
	for _, w := range batch {
		if w.before == 0 {
			together = append(together, w)
			continue
		}
		s.put(ctx, collection, []*write{w})
	}
	return together, ctx.Err()
}

func overtaken(id string) error {
	return &corpus.Error{Kind: corpus.ErrConflict, Op: "write document", Thing: fmt.Sprintf("%q", id), Cause: errOvertaken}
}

var errOvertaken = fmt.Errorf("another writer replaced it meanwhile; the index has that writer's version")

// settle sets which writes took effect, and counts the added and removed terms. A
// recent write that lost is left open, so that it is written again.
func (s *Store) settle(batch []*write, after map[corpus.ChunkID]*manifest) {
	for _, w := range batch {
		m := after[w.key]
		switch {
		case m != nil && m.sequence == w.sequence && m.revision == revision(w.entry):
			w.done = true
			s.vocabularies.replaced(w.entry.Document.ID, w.replaced, w.entry.Points)
		case m != nil && !m.deleted && m.fingerprint == w.entry.Fingerprint && !w.guarded():
			w.done = true // another writer wrote the same version
		case w.carried > 0:
			w.passed = true
		case !s.recent(w):
			w.err = overtaken(w.entry.Document.ID)
		}
	}
}
