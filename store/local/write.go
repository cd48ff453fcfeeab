package local

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"

	"dalil/corpus"
	"dalil/store"
)

// request is one caller's write. The writer answers once it is durable.
type request struct {
	ctx      context.Context
	settings *store.Settings
	entries  []store.Entry
	deletes  []string

	changes []change // to memory, once the transaction is committed
	done    chan error
}

// change is what one document's write means for memory.
type change struct {
	put      *stored // nil: the document goes
	id       string
	previous []corpus.Sparse
}

func (s *Store) submit(ctx context.Context, r *request) error {
	r.ctx, r.done = ctx, make(chan error, 1)
	if err := s.usable(ctx); err != nil {
		return err
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
	case <-s.done: // the writer ended without taking it
		select {
		case err := <-r.done:
			return err
		default:
			return errClosed
		}
	}
}

// Create fixes the settings.
func (s *Store) Create(ctx context.Context, settings store.Settings) (store.Settings, error) {
	if settings.Pipeline != s.options.Pipeline {
		return store.Settings{}, &corpus.MismatchError{Held: s.options.Pipeline, Wanted: settings.Pipeline}
	}
	if !(settings.AverageLength > 0) || math.IsInf(settings.AverageLength, 0) {
		return store.Settings{}, corpus.Invalid("average_length", fmt.Sprintf("must be above 0, is %g", settings.AverageLength))
	}
	if err := s.submit(ctx, &request{settings: &settings}); err != nil {
		return store.Settings{}, fmt.Errorf("create: %w", err)
	}
	return *s.settings.Load(), nil
}

// Put replaces documents.
func (s *Store) Put(ctx context.Context, entries []store.Entry) error {
	if s.settings.Load() == nil {
		return fmt.Errorf("put: %w: create the collection first", corpus.ErrNotReady)
	}
	for i := range entries {
		if err := s.check(&entries[i]); err != nil {
			return fmt.Errorf("put %q: %w", entries[i].Document.ID, err)
		}
	}
	if err := s.submit(ctx, &request{entries: entries}); err != nil {
		return fmt.Errorf("put %d documents: %w", len(entries), err)
	}
	return nil
}

// Delete removes documents.
func (s *Store) Delete(ctx context.Context, ids []string) error {
	if err := s.submit(ctx, &request{deletes: ids}); err != nil {
		return fmt.Errorf("delete %d documents: %w", len(ids), err)
	}
	return nil
}

func (s *Store) check(e *store.Entry) error {
	if e.Document.ID == "" {
		return corpus.Invalid("document.id", "is empty")
	}
	for i, p := range e.Points {
		field := fmt.Sprintf("points[%d]", i)
		switch {
		case p.Chunk.DocumentID != e.Document.ID:
			return corpus.Invalid(field, fmt.Sprintf("is of document %q", p.Chunk.DocumentID))
		case p.Chunk.Revision != e.Points[0].Chunk.Revision:
			return corpus.Invalid(field, fmt.Sprintf("is of revision %q, the first is of %q", p.Chunk.Revision, e.Points[0].Chunk.Revision))
		case p.Chunk.Ordinal != i:
			return corpus.Invalid(field, fmt.Sprintf("has ordinal %d", p.Chunk.Ordinal))
		case p.Chunk.ID != corpus.NewChunkID(e.Document.ID, p.Chunk.Revision, i):
			return corpus.Invalid(field, "has an id that does not follow from document, revision and ordinal")
		case len(p.Dense) != s.options.Pipeline.Dimensions:
			return corpus.Invalid(field+".dense", fmt.Sprintf("has %d dimensions, the collection %d", len(p.Dense), s.options.Pipeline.Dimensions))
		case len(p.Sparse.Dimensions) != len(p.Sparse.Weights):
			return corpus.Invalid(field+".sparse", fmt.Sprintf("has %d dimensions and %d weights", len(p.Sparse.Dimensions), len(p.Sparse.Weights)))
		}
		if err := checkVectors(field, p.Dense, p.Sparse); err != nil {
			return err
		}
	}
	return nil
}

// checkVectors refuses numbers that are not finite and dimensions out of order.
func checkVectors(field string, dense corpus.Vector, sparse corpus.Sparse) error {
	for _, x := range dense {
		if x-x != 0 {
			return corpus.Invalid(field+".dense", "has a number that is not finite")
		}
	}
	for i, d := range sparse.Dimensions {
		if i > 0 && d <= sparse.Dimensions[i-1] {
			return corpus.Invalid(field+".sparse", "has dimensions that do not ascend")
		}
		if w := sparse.Weights[i]; w-w != 0 {
			return corpus.Invalid(field+".sparse", "has a weight that is not finite")
		}
	}
	return nil
}

// group bounds how many waiting requests share one commit.
const group = 64

// write is the one writer. What waits together is committed together, so that
// many callers pay for one flush to the disk.
func (s *Store) write() {
	defer close(s.done)
	for {
		select {
		case first := <-s.requests:
			batch := []*request{first}
			for len(batch) < group {
				select {
				case next := <-s.requests:
					batch = append(batch, next)
					continue
				default:
				}
				break
			}
			s.commit(batch)
		case <-s.closing:
			return
		}
	}
}

// commit writes a batch in one transaction, each request behind a savepoint of
// its own: one that fails takes nothing with it.
func (s *Store) commit(batch []*request) {
	errs := make([]error, len(batch))
	err := s.transact(batch, errs)
	if err == nil {
		s.mu.Lock()
		for i, r := range batch {
			if errs[i] == nil {
				s.apply(r)
			}
		}
		s.mem.compact()
		s.mu.Unlock()
	}
	for i, r := range batch {
		if errs[i] == nil && err != nil {
			errs[i] = classify("commit", err)
		}
		r.done <- errs[i]
	}
}

func (s *Store) transact(batch []*request, errs []error) error {
	ctx := context.Background() // a caller that leaves must not undo the others' writes
	tx, err := s.writing.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	w := &transaction{Store: s, tx: tx, pending: map[string]*pending{}}
	for i, r := range batch {
		if errs[i] = r.ctx.Err(); errs[i] != nil {
			continue
		}
		if _, err := tx.Exec("SAVEPOINT request"); err != nil {
			return err
		}
		before := w.mark()
		if err := w.request(r); err != nil {
			errs[i] = classify("write", err)
			w.undo(before)
			if _, err := tx.Exec("ROLLBACK TO request"); err != nil {
				return errors.Join(errs[i], err)
			}
		}
		if _, err := tx.Exec("RELEASE request"); err != nil {
			return err
		}
	}
	return tx.Commit()
}

func (s *Store) apply(r *request) {
	if r.settings != nil && s.settings.Load() == nil {
		s.settings.Store(r.settings)
	}
	for _, c := range r.changes {
		if c.put != nil {
			s.mem.put(c.put)
		} else {
			s.mem.drop(c.id, c.previous)
			s.mem.updated = max(s.mem.updated, time.Now().UnixMicro())
		}
	}
}

// transaction is a batch under way. pending knows the documents that it has
// written already: memory does not yet.
type transaction struct {
	*Store
	tx      *sql.Tx
	pending map[string]*pending
	rows    int64
	slots   int64
	history []func()
}

type pending struct{ slot int64 } // 0: deleted

func (w *transaction) mark() int { return len(w.history) }

func (w *transaction) undo(to int) {
	for len(w.history) > to {
		w.history[len(w.history)-1]()
		w.history = w.history[:len(w.history)-1]
	}
}

func (w *transaction) remember(id string, slot int64) {
	old, had := w.pending[id]
	w.history = append(w.history, func() {
		if had {
			w.pending[id] = old
		} else {
			delete(w.pending, id)
		}
	})
	w.pending[id] = &pending{slot}
}

func (w *transaction) request(r *request) error {
	r.changes = nil
	if r.settings != nil && w.settings.Load() == nil {
		raw, err := json.Marshal(r.settings)
		if err != nil {
			return err
		}
		if _, err := w.tx.Exec("INSERT INTO setting (key, value) VALUES ('settings', ?) ON CONFLICT DO NOTHING", raw); err != nil {
			return err
		}
	}
	for i := range r.entries {
		c, err := w.put(&r.entries[i])
		if err != nil {
			return err
		}
		r.changes = append(r.changes, c)
	}
	for _, id := range r.deletes {
		c, held, err := w.remove(id)
		if err != nil {
			return err
		}
		if held {
			w.remember(id, 0)
			r.changes = append(r.changes, c)
		}
	}
	return nil
}

func (w *transaction) put(e *store.Entry) (change, error) {
	c, _, err := w.remove(e.Document.ID)
	if err != nil {
		return c, err
	}
	fields := e.Document.Clone()
	fields.Text = ""
	d := &stored{
		slot: w.mem.nextSlot + w.slots, fields: fields, fingerprint: e.Fingerprint,
		updated: time.Now().UnixMicro(), previous: c.previous,
	}
	w.slots++
	if len(e.Points) > 0 {
		d.revision = e.Points[0].Chunk.Revision
	}
	raw, err := json.Marshal(fields)
	if err != nil {
		return c, err
	}
	if _, err := w.tx.Exec("INSERT INTO document (slot, id, fingerprint, revision, chunks, updated, fields) VALUES (?,?,?,?,?,?,?)",
		d.slot, fields.ID, d.fingerprint, d.revision, len(e.Points), d.updated, raw); err != nil {
		return c, err
	}
	for i := range e.Points {
		p := &e.Points[i]
		row := w.mem.nextRow + w.rows
		w.rows++
		if _, err := w.tx.Exec("INSERT INTO vector (row, slot, id, dense, sparse) VALUES (?,?,?,?,?)",
			row, d.slot, p.Chunk.ID[:], encodeDense(p.Dense), encodeSparse(p.Sparse)); err != nil {
			return c, err
		}
		if _, err := w.tx.Exec("INSERT INTO chunk (row, slot, ordinal, first, last, text) VALUES (?,?,?,?,?,?)",
			row, d.slot, i, p.Chunk.Span.Start, p.Chunk.Span.End, p.Chunk.Text); err != nil {
			return c, err
		}
		d.points = append(d.points, storedPoint{row: row, id: p.Chunk.ID, dense: p.Dense, sparse: p.Sparse})
	}
	w.remember(fields.ID, d.slot)
	return change{put: d, id: fields.ID}, nil
}

// remove takes a document out of the database and returns the sparse vectors
// that memory has to take out of its postings.
func (w *transaction) remove(id string) (c change, held bool, err error) {
	c.id = id
	slot := int64(0)
	if p, ok := w.pending[id]; ok {
		slot = p.slot
	} else if place, ok := w.mem.byID[id]; ok { // only this goroutine writes it
		slot = w.mem.documents[place].slot
	}
	if slot == 0 {
		return c, false, nil
	}
	rows, err := w.tx.Query("SELECT sparse FROM vector WHERE slot = ?", slot)
	if err != nil {
		return c, false, err
	}
	defer rows.Close()
	for rows.Next() {
		var raw []byte
		if err := rows.Scan(&raw); err != nil {
			return c, false, err
		}
		sparse, err := decodeSparse(raw)
		if err != nil {
			return c, false, err
		}
		c.previous = append(c.previous, sparse)
	}
	if err := rows.Err(); err != nil {
		return c, false, err
	}
	for _, statement := range []string{
		"DELETE FROM chunk WHERE row IN (SELECT row FROM vector WHERE slot = ?)", "DELETE FROM vector WHERE slot = ?", "DELETE FROM document WHERE slot = ?",
	} {
		if _, err := w.tx.Exec(statement, slot); err != nil {
			return c, false, err
		}
	}
	return c, true, nil
}
