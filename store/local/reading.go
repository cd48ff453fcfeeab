package local

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"dalil/corpus"
	"dalil/store"
)

// reading is a connection that reads, with its statements. Rows are looked up by
// their places one by one, each in microseconds. The context is checked between
// rows, because passing it to the driver costs more than reading a row.
type reading struct {
	connection *sql.Conn

	span, passage, vectors      *sql.Stmt
	fields, document, documents *sql.Stmt
	between                     *sql.Stmt // documents of a range of ids
	fingerprint, version        *sql.Stmt
	fingerprints                *sql.Stmt // of manyIDs ids
	versions                    *sql.Stmt // how many of a range of ids
	passages, manyFields        *sql.Stmt // of places, and of keys
	current                     *sql.Stmt // key and revision of a document
}

// newReading opens a connection to a database of a schema version.
func newReading(ctx context.Context, pool *sql.DB, version int) (*reading, error) {
	c, err := pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	if err := adapt(ctx, c, version); err != nil {
		return nil, err
	}
	r := &reading{connection: c}
	const headings = "(SELECT path FROM heading WHERE heading.place = passage.place)"
	const document = "SELECT id, fingerprint, revision, chunks, updated, fields FROM document WHERE "
	for _, s := range []struct {
		to    **sql.Stmt
		query string
	}{
		{&r.span, "SELECT first, last FROM passage WHERE place = ?"},
		{&r.passage, "SELECT first, last, text, " + headings + " FROM passage WHERE place = ?"},
		{&r.passages, "SELECT place, first, last, text, " + headings + " FROM passage WHERE place IN (?" + strings.Repeat(",?", places-1) + ")"},
		{&r.vectors, "SELECT dense, sparse FROM vector WHERE place = ?"},
		{&r.fields, "SELECT fields, fingerprint FROM document WHERE key = ?"},
		{&r.manyFields, "SELECT key, fields, fingerprint FROM document WHERE key IN (?" + strings.Repeat(",?", places-1) + ")"},
		{&r.document, document + "id = ?"},
		{&r.documents, document + "id > ? ORDER BY id LIMIT ?"},
		{&r.between, document + "id > ? AND id < ? ORDER BY id LIMIT ?"},
		{&r.fingerprint, "SELECT fingerprint, fields FROM document WHERE id = ?"},
		{&r.fingerprints, "SELECT id, fingerprint, fields FROM document" + inIDs()},
		{&r.version, "SELECT version FROM gone WHERE id = ?"},
		{&r.versions, "SELECT count(*) FROM gone WHERE id > ? AND id < ? AND deleted >= ?"},
		{&r.current, "SELECT key, revision FROM document WHERE id = ?"},
	} {
		statement, err := c.PrepareContext(ctx, s.query)
		if err != nil {
			return nil, err
		}
		*s.to = statement
	}
	return r, nil
}

// places is how many passages one statement reads: a page, and a few more. Fewer
// than fewPlaces are read one by one.
const (
	places    = 16
	fewPlaces = 3
)

// chunks reads up to places passages, with texts and headings in one statement, and
// calls do with the number of each in found. Those that are gone are left out.
func (r *reading) chunks(found []located, with store.Fields, do func(i int, c corpus.Chunk)) error {
	if with&store.WithText == 0 || len(found) < fewPlaces {
		for i := range found {
			var c corpus.Chunk
			err := r.chunk(&c, placeOf(found[i].key, found[i].ordinal), with&store.WithText != 0)
			if errors.Is(err, sql.ErrNoRows) {
				continue
			}
			if err != nil {
				return err
			}
			do(i, c)
		}
		return nil
	}
	var arguments [places]any
	for i := range arguments {
		at := &found[min(i, len(found)-1)]
		arguments[i] = placeOf(at.key, at.ordinal)
	}
	rows, err := r.passages.Query(arguments[:]...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var place int64
		var c corpus.Chunk
		var headings sql.RawBytes
		if err := rows.Scan(&place, &c.Span.Start, &c.Span.End, &c.Text, &headings); err != nil {
			return err
		}
		c.Headings = decodeHeadings(headings)
		for i := range found {
			if placeOf(found[i].key, found[i].ordinal) == place {
				do(i, c)
			}
		}
	}
	return rows.Err()
}

// read calls do with a reading connection, which reads a snapshot of the database.
func (s *Store) read(ctx context.Context, what string, do func(*reading) error) error {
	return s.lend(ctx, what, func(r *reading) error { return r.transact(do) })
}

// lend calls do with a reading connection, without a snapshot: each statement reads
// the newest state of the database.
func (s *Store) lend(ctx context.Context, what string, do func(*reading) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case <-s.closing:
		return errClosed
	default:
	}
	select {
	case r := <-s.database.readers:
		defer func() { s.database.readers <- r }()
		return asError(what, s.database.path, do(r))
	case <-ctx.Done():
		return ctx.Err()
	case <-s.closing:
		return errClosed
	}
}

func (r *reading) transact(do func(*reading) error) (err error) {
	if _, err := r.connection.ExecContext(context.Background(), "BEGIN"); err != nil {
		return err
	}
	err = do(r)
	if _, end := r.connection.ExecContext(context.Background(), "COMMIT"); err == nil {
		err = end
	}
	return err
}

// chunk reads a passage's span and, if requested, its text and headings.
func (r *reading) chunk(c *corpus.Chunk, place int64, withText bool) error {
	if !withText {
		return r.span.QueryRow(place).Scan(&c.Span.Start, &c.Span.End)
	}
	var headings []byte
	if err := r.passage.QueryRow(place).Scan(&c.Span.Start, &c.Span.End, &c.Text, &headings); err != nil {
		return err
	}
	c.Headings = decodeHeadings(headings)
	return nil
}
