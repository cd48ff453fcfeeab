package local

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"
	"unicode/utf8"

	"dalil/corpus"
	"dalil/store"
)

var _ store.EntryReader = (*Store)(nil)

// Entries yields every document in ascending order of keys, as a snapshot of the
// moment when it begins. It has a connection of its own, so that searches do not
// wait for it.
func (s *Store) Entries(ctx context.Context) iter.Seq2[store.Entry, error] {
	return func(yield func(store.Entry, error) bool) {
		stopped := false
		err := s.snapshot(ctx, func(r *reading) error {
			for after := int64(0); ; {
				keys, err := r.keys(ctx, after)
				if err != nil || len(keys) == 0 {
					return err
				}
				for _, key := range keys {
					if err := s.mayGoOn(ctx); err != nil {
						return err
					}
					e, err := s.entry(ctx, r, key)
					if err != nil {
						return err
					}
					if stopped = !yield(e, nil); stopped {
						return nil
					}
				}
				after = keys[len(keys)-1]
			}
		})
		if err != nil && !stopped {
			yield(store.Entry{}, err)
		}
	}
}

// mayGoOn returns an error if the caller has cancelled or the store is closing.
func (s *Store) mayGoOn(ctx context.Context) error {
	select {
	case <-s.closing:
		return errClosed
	default:
		return ctx.Err()
	}
}

// snapshot calls do with a connection that reads a snapshot of the database.
func (s *Store) snapshot(ctx context.Context, do func(*reading) error) error {
	r, err := newReading(ctx, s.database.reading, s.database.schema)
	if err != nil {
		return asError("read", s.database.path, err)
	}
	defer r.connection.Close()
	return asError("read", s.database.path, r.transact(do))
}

const keysPage = 1024

// keys lists the keys of documents after the given one.
func (r *reading) keys(ctx context.Context, after int64) ([]int64, error) {
	var keys []int64
	err := eachRow(ctx, r.connection, "SELECT key FROM document WHERE key > ? ORDER BY key LIMIT ?", func(rows *sql.Rows) error {
		keys = append(keys, 0)
		return rows.Scan(&keys[len(keys)-1])
	}, after, keysPage)
	return keys, err
}

// entry reads a document with its passages and vectors, and checks them. If they
// are not valid, the error is corpus.ErrCorrupt with the reason. The entry then
// still has the document's id, if that can be read.
func (s *Store) entry(ctx context.Context, r *reading, key int64) (e store.Entry, err error) {
	var id string
	var revision string
	var chunks int
	var updated int64
	var fields []byte
	row := r.connection.QueryRowContext(ctx, "SELECT id, fingerprint, revision, chunks, updated, fields FROM document WHERE key = ?", key)
	if err := row.Scan(&id, &e.Fingerprint, &revision, &chunks, &updated, &fields); err != nil {
		return e, err
	}
	e.UpdatedAt = time.UnixMicro(updated).UTC()
	if e.Document, err = decodeDocument(id, fields); err != nil {
		return e, err
	}
	e.Document.ETag = store.Content(e.Fingerprint)
	if chunks < 0 || chunks > maxChunks {
		return e, fmt.Errorf("%w: document %q has %d passages", corpus.ErrCorrupt, id, chunks)
	}
	e.Points = make([]store.Point, chunks)
	for i := range e.Points {
		if err := s.passage(r, &e.Points[i], id, revision, key, i); err != nil {
			if errors.Is(err, sql.ErrNoRows) {
				err = fmt.Errorf("%w: it is missing", corpus.ErrCorrupt)
			}
			return e, fmt.Errorf("document %q, passage %d of %d: %w", id, i+1, chunks, err)
		}
	}
	if err := e.Check(s.options.Pipeline.Dimensions); err != nil {
		return e, fmt.Errorf("%w: document %q: %w", corpus.ErrCorrupt, id, corpus.Foreign(err))
	}
	return e, nil
}

func (s *Store) passage(r *reading, p *store.Point, id, revision string, key int64, ordinal int) error {
	at := located{id: corpus.NewChunkID(id, revision, ordinal), key: key, ordinal: ordinal, document: id, revision: revision}
	point, err := s.point(r, &at, store.WithText|store.WithDense|store.WithSparse)
	if err != nil {
		return err
	}
	*p = point
	if text := point.Chunk.Text; !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return fmt.Errorf("%w: its text is not text", corpus.ErrCorrupt)
	}
	return nil
}
