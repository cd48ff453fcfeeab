package local

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"dalil/corpus"
	"dalil/store"
)

// databaseName is the database's file in a collection's folder.
const databaseName = "dalil.db"

// schemaVersion is SQLite's user_version; a newer one is refused.
const schemaVersion = 1

// A document gets a new key at every put, higher than all before, so a key
// means one state of one document for ever. A passage lies under key·65536 +
// ordinal. Vectors stand apart from text: a search reads the text of its
// winners and no vector.
const schema = `
CREATE TABLE setting (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE document (
	key INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, fingerprint TEXT NOT NULL, revision TEXT NOT NULL,
	chunks INTEGER NOT NULL, updated INTEGER NOT NULL, fields BLOB NOT NULL);
CREATE TABLE passage (place INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL, text BLOB NOT NULL);
CREATE TABLE vector (place INTEGER PRIMARY KEY, dense BLOB NOT NULL, sparse BLOB NOT NULL);
CREATE TABLE segment (
	position INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum INTEGER NOT NULL, size INTEGER NOT NULL, last INTEGER NOT NULL);
CREATE TABLE removed (key INTEGER PRIMARY KEY);
`

// maxChunks is how many passages a document may have.
const maxChunks = 1 << 16

func placeOf(key int64, ordinal int) int64 { return key<<16 | int64(ordinal) }

// database is the durable truth: one connection writes, some read.
type database struct {
	path    string
	pool    *sql.DB // the writer's; one connection
	writer  *writer
	reading *sql.DB
	readers chan *reading
	opened  int // readers
}

// openDatabase opens or creates a collection's database. maxPages bounds its
// size for tests; 0: unbounded.
func openDatabase(ctx context.Context, dir string, readers, maxPages int) (_ *database, err error) {
	d := &database{path: filepath.Join(dir, databaseName), readers: make(chan *reading, readers)}
	defer func() {
		if err != nil {
			err = errors.Join(classify(d.path, err), d.close())
		}
	}()
	// Made here first so that nobody else may read it.
	f, err := os.OpenFile(d.path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	pragmas := []string{"journal_mode(wal)", "synchronous(full)", "cache_size(-8000)", "temp_store(memory)"}
	if maxPages > 0 {
		pragmas = append(pragmas, fmt.Sprintf("max_page_count(%d)", maxPages))
	}
	if d.pool, err = sql.Open("sqlite", address(d.path, "", pragmas...)); err != nil {
		return nil, err
	}
	connection, err := d.pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	if err := migrate(ctx, connection); err != nil {
		return nil, errors.Join(err, connection.Close())
	}
	if d.writer, err = newWriter(ctx, connection); err != nil {
		return nil, errors.Join(err, connection.Close())
	}
	if d.reading, err = sql.Open("sqlite", address(d.path, "", "query_only(1)", "cache_size(-2000)", "temp_store(memory)")); err != nil {
		return nil, err
	}
	for range readers {
		r, err := newReading(ctx, d.reading)
		if err != nil {
			return nil, err
		}
		d.readers <- r
		d.opened++
	}
	return d, nil
}

func address(path, mode string, pragmas ...string) string {
	values := url.Values{}
	for _, p := range append([]string{"busy_timeout(10000)"}, pragmas...) {
		values.Add("_pragma", p)
	}
	if mode != "" {
		values.Set("mode", mode)
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + values.Encode()
}

func migrate(ctx context.Context, c *sql.Conn) error {
	var version int
	if err := c.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return err
	}
	switch version {
	case schemaVersion:
		return nil
	case 0:
		_, err := c.ExecContext(ctx, "BEGIN IMMEDIATE;"+schema+fmt.Sprintf("PRAGMA user_version = %d; COMMIT;", schemaVersion))
		return err
	}
	return fmt.Errorf("%w: written by a newer version (schema %d, this one knows %d)", corpus.ErrUnsupported, version, schemaVersion)
}

func (d *database) close() error {
	var errs []error
	if d.writer != nil {
		// Leaves one file behind: the log is folded into the database.
		_, err := d.writer.connection.ExecContext(context.Background(), "PRAGMA wal_checkpoint(TRUNCATE)")
		errs = append(errs, err, d.writer.connection.Close())
	}
	if d.reading != nil {
		for range d.opened { // waits for reads under way
			errs = append(errs, (<-d.readers).connection.Close())
		}
		errs = append(errs, d.reading.Close())
	}
	if d.pool != nil {
		errs = append(errs, d.pool.Close())
	}
	return errors.Join(errs...)
}

// querier is what a connection and a pool have in common.
type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// readSettings returns nil where Create has not been called.
func readSettings(ctx context.Context, q querier) (*store.Settings, error) {
	var raw []byte
	err := q.QueryRowContext(ctx, "SELECT value FROM setting WHERE key = 'settings'").Scan(&raw)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	settings := new(store.Settings)
	if err := json.Unmarshal(raw, settings); err != nil {
		return nil, fmt.Errorf("%w: settings: %w", corpus.ErrCorrupt, err)
	}
	return settings, nil
}

// classify tells SQLite's failures by the house's sentinels.
func classify(what string, err error) error {
	if err == nil {
		return nil
	}
	kind := error(nil)
	var e *sqlite.Error
	if errors.As(err, &e) {
		switch e.Code() & 0xff {
		case sqlite3.SQLITE_FULL:
			kind = corpus.ErrExhausted
		case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
			kind = corpus.ErrCorrupt
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
			kind = corpus.ErrUnavailable
		case sqlite3.SQLITE_IOERR:
			// The log's and the shared memory's growth fails so on a full disk.
			kind = corpus.ErrUnavailable
			if code := e.Code(); code == sqlite3.SQLITE_IOERR_WRITE || code == sqlite3.SQLITE_IOERR_SHMSIZE || strings.Contains(e.Error(), "full") {
				kind = corpus.ErrExhausted
			}
		}
	}
	if kind == nil || errors.Is(err, kind) {
		return fmt.Errorf("%s: %w", what, err)
	}
	return fmt.Errorf("%w: %s: %w", kind, what, err)
}
