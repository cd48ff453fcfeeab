package local

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"dalil/corpus"
)

// writer is the only connection that writes, with its statements.
type writer struct {
	connection *sql.Conn

	take, takeVectors, takePassages     *sql.Stmt
	takeHeadings                        *sql.Stmt
	removed, updated, settings, segment *sql.Stmt
	sequence, held, touched             *sql.Stmt
	version, keepVersion                *sql.Stmt // of deleted documents
	forgetVersion, forgetOld            *sql.Stmt
	forgetRange                         *sql.Stmt

	document, passage, vector, heading inserting

	forgot time.Time // when the versions of documents that were deleted long ago were last removed
}

func newWriter(ctx context.Context, c *sql.Conn) (*writer, error) {
	w := &writer{connection: c}
	for _, s := range []struct {
		to    **sql.Stmt
		query string
	}{
		{&w.take, "DELETE FROM document WHERE id = ? RETURNING key"},
		{&w.takePassages, "DELETE FROM passage WHERE place BETWEEN ? AND ?"},
		{&w.takeHeadings, "DELETE FROM heading WHERE place BETWEEN ? AND ?"},
		{&w.takeVectors, "DELETE FROM vector WHERE place BETWEEN ? AND ?"},
		{&w.removed, "INSERT OR IGNORE INTO removed (key) VALUES (?)"},
		{&w.updated, "INSERT INTO setting (key, value) VALUES ('updated', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"},
		{&w.sequence, "INSERT INTO setting (key, value) VALUES ('sequence', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"},
		{&w.settings, "INSERT INTO setting (key, value) VALUES ('settings', ?) ON CONFLICT DO NOTHING"},
		{&w.touched, touchedQuery()},
		{&w.held, "SELECT fingerprint, fields FROM document WHERE id = ?"},
		{&w.version, "SELECT version FROM gone WHERE id = ?"},
		{&w.keepVersion, "INSERT OR REPLACE INTO gone (id, version, deleted) VALUES (?,?,?)"},
		{&w.forgetVersion, "DELETE FROM gone WHERE id = ?"},
		{&w.forgetRange, "DELETE FROM gone WHERE id > ? AND id < ?"},
		{&w.forgetOld, "DELETE FROM gone WHERE deleted < ?"},
		{&w.segment, "INSERT INTO segment (position, name, checksum, size, last) VALUES (?,?,?,?,?)"},
	} {
		statement, err := c.PrepareContext(ctx, s.query)
		if err != nil {
			return nil, err
		}
		*s.to = statement
	}
	for _, in := range []struct {
		to    *inserting
		table string
	}{
		{&w.document, "document (key, id, fingerprint, revision, chunks, updated, fields)"},
		{&w.passage, "passage (place, first, last, text)"},
		{&w.vector, "vector (place, dense, sparse)"},
		{&w.heading, "heading (place, path)"},
	} {
		var err error
		if *in.to, err = newInserting(ctx, c, in.table); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// transact runs do in a transaction. The contexts of callers do not end it, because
// a caller that cancels must not undo the writes of others.
func (w *writer) transact(do func() error) error {
	for _, in := range w.tables() { // of a transaction that failed
		in.drop()
	}
	return inTransaction(context.Background(), w.connection, do)
}

func (w *writer) tables() []*inserting {
	return []*inserting{&w.document, &w.passage, &w.vector, &w.heading}
}

// flush inserts the rows that wait. It is called before anything is read or deleted, and at
// the end of a transaction.
func (w *writer) flush() error {
	for _, in := range w.tables() {
		if err := in.flush(); err != nil {
			return err
		}
	}
	return nil
}

// remove deletes a document and returns its key, or 0 if there is none. A key in a
// segment file (at most filed) is recorded as removed.
func (w *writer) remove(id string, filed int64) (int64, error) {
	var key int64
	switch err := w.take.QueryRow([]byte(id)).Scan(&key); err {
	case nil:
	case sql.ErrNoRows:
		return 0, nil
	default:
		return 0, err
	}
	for _, s := range []*sql.Stmt{w.takePassages, w.takeVectors, w.takeHeadings} {
		if _, err := s.Exec(placeOf(key, 0), placeOf(key, maxChunks-1)); err != nil {
			return 0, err
		}
	}
	if key <= filed {
		if _, err := w.removed.Exec(key); err != nil {
			return 0, err
		}
	}
	return key, nil
}

// insert inserts a document, at the latest when flush is called.
func (w *writer) insert(key, updated int64, p *prepared) error {
	if p.updated != 0 {
		updated = p.updated
	}
	if err := w.document.add(key, []byte(p.record.document.ID), p.fingerprint, p.record.revision, len(p.passages), updated, p.fields); err != nil {
		return err
	}
	for i := range p.passages {
		q := &p.passages[i]
		if err := w.passage.add(placeOf(key, i), q.span.Start, q.span.End, q.text); err != nil {
			return err
		}
		if err := w.vector.add(placeOf(key, i), q.dense, q.sparse); err != nil {
			return err
		}
		if len(q.headings) == 0 {
			continue
		}
		if err := w.heading.add(placeOf(key, i), q.headings); err != nil {
			return err
		}
	}
	return nil
}

// prepared is one entry, encoded by its caller's goroutine.
type prepared struct {
	record      record
	fingerprint string
	updated     int64 // Unix microseconds; 0: now
	condition   corpus.Condition
	fields      []byte
	passages    []preparedPassage

	column *column // that takes the block; nil: none does
	block  columnBlock
}

type preparedPassage struct {
	span                corpus.Span
	text, dense, sparse []byte
	headings            []byte // empty: none
}

// list writes which segment files are valid. Of the keys that are recorded as
// removed, it keeps those in these files.
func (w *writer) list(segments []view, listed map[string]bool) error {
	ctx := context.Background()
	if _, err := w.connection.ExecContext(ctx, "DELETE FROM segment"); err != nil {
		return err
	}
	before := int64(0)
	for i, v := range segments {
		if _, err := w.segment.Exec(i, v.file.name, v.file.checksum, v.file.size, v.last()); err != nil {
			return err
		}
		from := v.keys[0]
		if !listed[v.file.name] {
			from = v.last() + 1 // it has no document that was deleted before it was written
		}
		if _, err := w.connection.ExecContext(ctx, "DELETE FROM removed WHERE key > ? AND key < ?", before, from); err != nil {
			return err
		}
		before = v.last()
		if listed[v.file.name] {
			continue
		}
		for d, key := range v.keys {
			if v.dead.has(uint32(d)) {
				if _, err := w.removed.Exec(key); err != nil {
					return err
				}
			}
		}
	}
	if _, err := w.connection.ExecContext(ctx, "DELETE FROM removed WHERE key > ?", before); err != nil {
		return fmt.Errorf("list segments: %w", err)
	}
	return nil
}
