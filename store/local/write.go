package local

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync/atomic"

	"dalil/corpus"
	"dalil/store"
)

// Create fixes the settings.
func (s *Store) Create(ctx context.Context, settings store.Settings) (store.Settings, error) {
	if settings.Pipeline != s.options.Pipeline {
		return store.Settings{}, &corpus.MismatchError{Held: s.options.Pipeline, Wanted: settings.Pipeline}
	}
	if !(settings.AverageLength > 0) || math.IsInf(settings.AverageLength, 0) {
		return store.Settings{}, corpus.Invalid("average_length", fmt.Sprintf("must be above 0, is %g", settings.AverageLength))
	}
	settings = copySettings(&settings)
	if err := s.submit(ctx, &request{settings: &settings}); err != nil {
		return store.Settings{}, fmt.Errorf("create: %w", err)
	}
	return copySettings(s.settings.Load()), nil
}

func copySettings(s *store.Settings) store.Settings {
	c := *s
	c.Probes = slices.Clone(s.Probes)
	for i := range c.Probes {
		c.Probes[i] = slices.Clone(c.Probes[i])
	}
	return c
}

// Put replaces documents. It returns once they are durable and found.
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
	for i := range entries {
		ready[i] = prepare(&entries[i])
	}
	if err := s.submit(ctx, &request{entries: ready}); err != nil {
		return fmt.Errorf("put %d documents: %w", len(entries), err)
	}
	return nil
}

// Delete removes documents.
func (s *Store) Delete(ctx context.Context, ids []string) error {
	if err := s.submit(ctx, &request{deletes: slices.Clone(ids)}); err != nil {
		return fmt.Errorf("delete %d documents: %w", len(ids), err)
	}
	return nil
}

func (s *Store) check(e *store.Entry) error {
	if e.Document.ID == "" {
		return corpus.Invalid("document.id", "is empty")
	}
	if n := len(e.Points); n > maxChunks {
		return corpus.Invalid("points", fmt.Sprintf("are %d, more than the %d that a document may have", n, maxChunks))
	}
	postings := 0
	for i := range e.Points {
		p := &e.Points[i]
		field := fmt.Sprintf("points[%d]", i)
		switch first := &e.Points[0].Chunk; {
		case p.Chunk.DocumentID != e.Document.ID:
			return corpus.Invalid(field, fmt.Sprintf("is of document %q", p.Chunk.DocumentID))
		case p.Chunk.Revision != first.Revision:
			return corpus.Invalid(field, fmt.Sprintf("is of revision %q, the first is of %q", p.Chunk.Revision, first.Revision))
		case p.Chunk.Ordinal != i:
			return corpus.Invalid(field, fmt.Sprintf("has ordinal %d", p.Chunk.Ordinal))
		case p.Chunk.ID != corpus.NewChunkID(e.Document.ID, p.Chunk.Revision, i):
			return corpus.Invalid(field, "has an id that does not follow from document, revision and ordinal")
		}
		if err := s.checkDense(field+".dense", p.Dense); err != nil {
			return err
		}
		if err := checkSparse(field+".sparse", p.Sparse); err != nil {
			return err
		}
		if postings += p.Sparse.Len(); postings > maxPostings {
			return corpus.Invalid("points", fmt.Sprintf("hold more than %d sparse dimensions", maxPostings))
		}
	}
	return nil
}

func (s *Store) checkDense(field string, v corpus.Vector) error {
	if len(v) != s.options.Pipeline.Dimensions {
		return corpus.Invalid(field, fmt.Sprintf("has %d dimensions, the collection %d", len(v), s.options.Pipeline.Dimensions))
	}
	for i, x := range v {
		if x-x != 0 {
			return corpus.Invalid(field, fmt.Sprintf("has %g at %d, which is not finite", x, i))
		}
	}
	return nil
}

func checkSparse(field string, v corpus.Sparse) error {
	if len(v.Dimensions) != len(v.Weights) {
		return corpus.Invalid(field, fmt.Sprintf("has %d dimensions and %d weights", len(v.Dimensions), len(v.Weights)))
	}
	for i, d := range v.Dimensions {
		if i > 0 && d <= v.Dimensions[i-1] {
			return corpus.Invalid(field, fmt.Sprintf("has dimension %d at %d, which does not ascend", d, i))
		}
		if w := v.Weights[i]; w-w != 0 {
			return corpus.Invalid(field, fmt.Sprintf("has weight %g at %d, which is not finite", w, i))
		}
	}
	return nil
}

// prepare encodes an entry. What goes on to the writer shares the entry's
// memory only until Put returns.
func prepare(e *store.Entry) *prepared {
	p := &prepared{
		record: record{document: e.Document}, fingerprint: e.Fingerprint, fields: encodeDocument(&e.Document),
		passages: make([]preparedPassage, len(e.Points)),
	}
	p.record.document.Text = ""
	p.record.points = make([]recordPoint, len(e.Points))
	for i := range e.Points {
		q := &e.Points[i]
		p.record.revision = q.Chunk.Revision
		p.record.points[i] = recordPoint{q.Chunk.ID, q.Dense, q.Sparse}
		p.passages[i] = preparedPassage{q.Chunk.Span, []byte(q.Chunk.Text), encodeDense(q.Dense), encodeSparse(q.Sparse)}
	}
	return p
}

// request is one caller's write.
type request struct {
	settings *store.Settings
	entries  []*prepared
	deletes  []string
	state    atomic.Int32
	done     chan error // answered once it is durable and found
}

// The states of a request: a caller whose context ends takes back what the
// writer has not begun.
const (
	waiting = iota
	begun
	takenBack
)

func (s *Store) submit(ctx context.Context, r *request) error {
	r.done = make(chan error, 1)
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
	case <-s.stopped: // the writer ended without taking it, or just after
		select {
		case err := <-r.done:
			return err
		default:
			return errClosed
		}
	}
}
