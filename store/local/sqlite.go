package local

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"dalil/corpus"
	"dalil/store"
)

// schemaVersion is SQLite's user_version; a newer one is refused.
const schemaVersion = 1

// The vectors stand apart from the text: opening reads every vector and no
// text, a search reads the text of its winners and no vector.
const schema = `
CREATE TABLE setting (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE document (
	slot INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, fingerprint TEXT NOT NULL, revision TEXT NOT NULL,
	chunks INTEGER NOT NULL, updated INTEGER NOT NULL, fields BLOB NOT NULL);
CREATE TABLE vector (
	row INTEGER PRIMARY KEY, slot INTEGER NOT NULL, id BLOB NOT NULL, dense BLOB NOT NULL, sparse BLOB NOT NULL);
CREATE INDEX vector_slot ON vector (slot);
CREATE TABLE chunk (
	row INTEGER PRIMARY KEY, slot INTEGER NOT NULL, ordinal INTEGER NOT NULL,
	first INTEGER NOT NULL, last INTEGER NOT NULL, text TEXT NOT NULL);
`

func (s *Store) connect(ctx context.Context, path string) error {
	// The file is made here first so that nobody else may read it.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	f.Close()
	pragmas := func(more ...string) string {
		values := url.Values{}
		for _, p := range append([]string{"journal_mode(wal)", "synchronous(full)", "busy_timeout(10000)", "temp_store(memory)"}, more...) {
			values.Add("_pragma", p)
		}
		return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + values.Encode()
	}
	writing := []string{"cache_size(-8000)"}
	if s.options.maxPages > 0 {
		writing = append(writing, fmt.Sprintf("max_page_count(%d)", s.options.maxPages))
	}
	if s.writing, err = sql.Open("sqlite", pragmas(writing...)+"&_txlock=immediate"); err != nil {
		return err
	}
	s.writing.SetMaxOpenConns(1)
	if s.reading, err = sql.Open("sqlite", pragmas("query_only(1)", "mmap_size(1073741824)", "cache_size(-4000)")); err != nil {
		return err
	}
	s.reading.SetMaxOpenConns(s.options.Scans + 2)
	s.reading.SetMaxIdleConns(s.options.Scans + 2)
	var version int
	if err := s.writing.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return err
	}
	switch version {
	case schemaVersion:
		return nil
	case 0:
		return s.migrate(ctx)
	}
	return fmt.Errorf("%w: written by a newer version (schema %d, this one knows %d)", corpus.ErrUnsupported, version, schemaVersion)
}

func (s *Store) migrate(ctx context.Context) error {
	tx, err := s.writing.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, schema+fmt.Sprintf("PRAGMA user_version = %d;", schemaVersion)); err != nil {
		return err
	}
	return tx.Commit()
}

// readSettings loads what Create fixed and refuses another pipeline.
func (s *Store) readSettings(ctx context.Context) error {
	var raw []byte
	err := s.reading.QueryRowContext(ctx, "SELECT value FROM setting WHERE key = 'settings'").Scan(&raw)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	var held store.Settings
	if err := json.Unmarshal(raw, &held); err != nil {
		return fmt.Errorf("%w: settings: %w", corpus.ErrCorrupt, err)
	}
	if held.Pipeline != s.options.Pipeline {
		return &corpus.MismatchError{Held: held.Pipeline, Wanted: s.options.Pipeline}
	}
	s.settings.Store(&held)
	return nil
}

// classify tells SQLite's failures by the house's sentinels.
func classify(what string, err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, sql.ErrConnDone) || strings.Contains(err.Error(), "database is closed") {
		return errClosed
	}
	var e *sqlite.Error
	if errors.As(err, &e) {
		switch e.Code() & 0xff {
		case sqlite3.SQLITE_FULL:
			return fmt.Errorf("%w: %s: the disk is full: %w", corpus.ErrExhausted, what, err)
		case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
			return fmt.Errorf("%w: %s: %w", corpus.ErrCorrupt, what, err)
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
			return fmt.Errorf("%w: %s: %w", corpus.ErrUnavailable, what, err)
		case sqlite3.SQLITE_IOERR:
			// A full disk under the log shows as a failed write.
			if strings.Contains(err.Error(), "full") {
				return fmt.Errorf("%w: %s: %w", corpus.ErrExhausted, what, err)
			}
			return fmt.Errorf("%w: %s: %w", corpus.ErrUnavailable, what, err)
		}
	}
	return fmt.Errorf("%s: %w", what, err)
}
