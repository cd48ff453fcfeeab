package local

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"dalil/corpus"
	"dalil/store"
)

// Create sets the settings.
func (s *Store) Create(ctx context.Context, settings store.Settings) (store.Settings, error) {
	if err := settings.Check(s.options.Pipeline); err != nil {
		return store.Settings{}, err
	}
	settings = settings.Clone()
	if err := s.submit(ctx, &request{settings: &settings}); err != nil {
		return store.Settings{}, fmt.Errorf("create: %w", err)
	}
	return s.settings.Load().Clone(), nil
}

// Put replaces documents. It returns when they are durable and can be found.
func (s *Store) Put(ctx context.Context, entries []store.Entry) error {
	if s.settings.Load() == nil {
		return fmt.Errorf("put: %w: create the collection first", corpus.ErrNotReady)
	}
	ready := make([]*prepared, len(entries))
	for i := range entries {
		if err := s.check(&entries[i]); err != nil {
			return fmt.Errorf("put %q: %w", entries[i].Document.ID, err)
		}
	}
	sparse := sparseMemory.Get().(*[]byte)
	defer sparseMemory.Put(sparse)
	*sparse = (*sparse)[:0]
	if err := s.prepareAll(ctx, entries, ready, sparse); err != nil {
		return fmt.Errorf("put %d documents: %w", len(entries), err)
	}
	r := &request{entries: ready}
	if err := s.submit(ctx, r); err != nil {
		return fmt.Errorf("put %d documents: %w", len(entries), err)
	}
	return r.failure(len(entries))
}

// Delete deletes documents.
func (s *Store) Delete(ctx context.Context, ids []string) error {
	deletions := make([]corpus.Deletion, len(ids))
	for i, id := range ids {
		deletions[i].ID = id
	}
	return s.DeleteIf(ctx, deletions)
}

// DeleteIf deletes documents whose conditions hold.
func (s *Store) DeleteIf(ctx context.Context, deletions []corpus.Deletion) error {
	r := &request{deletes: slices.Clone(deletions)}
	if err := s.submit(ctx, r); err != nil {
		return fmt.Errorf("delete %d documents: %w", len(deletions), err)
	}
	return r.failure(len(deletions))
}

func (s *Store) check(e *store.Entry) error {
	if err := e.Check(s.options.Pipeline.Dimensions); err != nil {
		return err
	}
	if n := len(e.Points); n > maxChunks {
		return corpus.Invalid("points", fmt.Sprintf("are %d, more than the %d that this store keeps of a document", n, maxChunks))
	}
	postings := 0
	for i := range e.Points {
		if postings += e.Points[i].Sparse.Len(); postings > maxPostings {
			return corpus.Invalid("points", fmt.Sprintf("must have at most %d sparse dimensions together", maxPostings))
		}
	}
	return nil
}

// sparseMemory keeps the memory of sparse vectors that were written.
var sparseMemory = sync.Pool{New: func() any { return &[]byte{} }} // not nil, so that no vector is

// prepareAll encodes entries, and works out what the column keeps of them. Sparse vectors are
// in the given memory.
func (s *Store) prepareAll(ctx context.Context, entries []store.Entry, ready []*prepared, sparse *[]byte) error {
	caller, _ := corpus.PrincipalOf(ctx)
	turn, err := s.turns.Load().Begin(ctx, caller.Caller())
	if err != nil {
		return err
	}
	defer turn.End()
	for i := range entries {
		turn.Rest()
		ready[i] = prepare(&entries[i], sparse)
		if c := s.column.Load(); c != nil {
			ready[i].column, ready[i].block = c, blockOf(c.profiler, &entries[i], ready[i])
		}
	}
	return nil
}

// prepare encodes an entry. Texts and dense vectors stay where they are, and are only read.
// Sparse vectors are appended to the given memory; nil: to memory of their own. The writer uses
// the memory of both only until Put returns.
func prepare(e *store.Entry, sparse *[]byte) *prepared {
	if sparse == nil {
		sparse = &[]byte{}
	}
	p := &prepared{
		record: record{document: e.Document}, fingerprint: e.Fingerprint, condition: e.If, fields: encodeDocument(&e.Document),
		passages: make([]preparedPassage, len(e.Points)),
	}
	if !e.UpdatedAt.IsZero() {
		p.updated = e.UpdatedAt.UnixMicro()
	}
	p.record.document.Text = ""
	p.record.points = make([]recordPoint, len(e.Points))
	for i := range e.Points {
		q := &e.Points[i]
		p.record.revision = q.Chunk.Revision
		p.record.points[i] = recordPoint{q.Chunk.ID, q.Dense, q.Sparse}
		from := len(*sparse)
		*sparse = appendSparse(*sparse, q.Sparse)
		p.passages[i] = preparedPassage{q.Chunk.Span, textBytes(q.Chunk.Text), encodeDense(q.Dense), (*sparse)[from:len(*sparse):len(*sparse)], encodeHeadings(q.Chunk.Headings)}
	}
	return p
}

// textBytes gives the memory of a text as bytes, which must not be changed. They are not nil.
func textBytes(text string) []byte {
	if text == "" {
		return []byte{}
	}
	return unsafe.Slice(unsafe.StringData(text), len(text))
}

// request is one caller's write.
type request struct {
	settings *store.Settings
	entries  []*prepared
	deletes  []corpus.Deletion
	erased   string // tenant whose versions of deleted documents are removed; empty: none
	state    atomic.Int32
	since    time.Time  // when it was given to the writer
	done     chan error // answered when the documents are durable and can be found

	// Only the writer uses the following fields until done is answered.
	refused map[string]error // documents whose conditions do not hold
	first   string           // of these
}

// refuse records that a document is not written.
func (r *request) refuse(id string, why error) {
	if r.refused == nil {
		r.refused, r.first = map[string]error{}, id
	}
	r.refused[id] = why
}

// failure returns the error of a written request with the given number of documents.
func (r *request) failure(documents int) error { return store.Failure(r.refused, r.first, documents) }

// The states of a request. A caller whose context ends withdraws a request that the
// writer has not begun.
const (
	waiting = iota
	begun
	takenBack
)

func (s *Store) submit(ctx context.Context, r *request) error {
	if s.options.ReadOnly {
		return corpus.Refused("the data folder %s is open for reading only", s.options.Dir)
	}
	r.done, r.since = make(chan error, 1), time.Now()
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case <-s.closing:
		return errClosed
	default:
	}
	select {
	case s.requests <- r:
	case <-ctx.Done():
		return ctx.Err()
	case <-s.closing:
		return errClosed
	}
	select {
	case err := <-r.done:
		return err
	case <-ctx.Done():
		if r.state.CompareAndSwap(waiting, takenBack) {
			return ctx.Err()
		}
		return <-r.done
	case <-s.stopped: // the writer ended before it took the request, or just after
		select {
		case err := <-r.done:
			return err
		default:
			return errClosed
		}
	}
}
