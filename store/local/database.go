package local

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"sync"

	_ "modernc.org/sqlite" // the driver

	"dalil/corpus"
	"dalil/store"
)

// databaseName is the database's file in a collection's folder.
const databaseName = "dalil.db"

// schema is the base schema, version 1. It does not change any more; migrate.go has
// the later steps.
//
// A document gets a new key at every Put, which is higher than all before. So a key
// always means one version of one document. A passage has the key key·65536 +
// ordinal. Vectors and texts are in different tables, because a search reads the
// texts of its results and no vectors.
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

// maxChunks is the largest number of passages of a document.
const maxChunks = 1 << 16

func placeOf(key int64, ordinal int) int64 { return key<<16 | int64(ordinal) }

// database has the durable data. One connection writes, several read.
type database struct {
	path    string
	schema  int         // schema version of the file
	pool    *sql.DB     // of main
	main    *sql.Conn   // the writer's connection; in a store that only reads, one more reader
	writer  *writer     // nil: the database is open for reading
	file    os.FileInfo // of the database that is open for writing
	log     os.FileInfo // file information of SQLite's log, after the writer has found it
	reading *sql.DB
	readers chan *reading
	opened  int // readers
}

// pageSize is that of new databases, in bytes; older ones have 4096. The vectors of a passage
// have about 2,500 bytes: three share a page of this size, and one would take a whole page of
// 4096. A larger page would make the log of single documents longer.
const pageSize = 8192

// openDatabase opens a collection's database and migrates it to the newest schema
// version. With create, it creates the database. maxBytes limits its size for tests;
// 0: no limit. migrated is called with each migration; it may be nil.
func openDatabase(ctx context.Context, path string, readers int, maxBytes int64, create bool, migrated func(Migration)) (_ *database, err error) {
	d := &database{path: path, schema: newestVersion(), readers: make(chan *reading, readers)}
	defer func() {
		if err != nil {
			err = errors.Join(asError("open", d.path, err), d.close())
		}
	}()
	if !create { // before any write, because the file may belong to another program
		if d.schema, err = checkDatabase(ctx, d.path); err != nil {
			return nil, err
		}
	}
	if create { // created first, so that other users cannot read it
		f, err := os.OpenFile(d.path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
		if err != nil {
			return nil, err
		}
		if err := f.Close(); err != nil {
			return nil, err
		}
	}
	// The log is copied to the file after 16 MB: pages that are written again and again, such as those of the ids, are copied once.
	at := address(d.path, "rw", fmt.Sprintf("page_size(%d)", pageSize), "synchronous(full)", "cache_size(-8000)", "temp_store(memory)", "wal_autocheckpoint(2000)")
	at += "&_journal_mode=wal" // which the driver sets after the others, because it settles the size of pages
	if d.pool, err = sql.Open("sqlite", at); err != nil {
		return nil, err
	}
	if d.main, err = d.pool.Conn(ctx); err != nil {
		return nil, err
	}
	if maxBytes > 0 {
		if err := limitSize(ctx, d.main, maxBytes); err != nil {
			return nil, err
		}
	}
	if create {
		if err := createSchema(ctx, d.main); err != nil {
			return nil, err
		}
		// Write it to the file itself, so that the file is a database of Dalil even without its log.
		if _, err := d.main.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
			return nil, err
		}
	}
	if err := migrate(ctx, d.main, d.schema, migrated); err != nil {
		return nil, err
	}
	d.schema = newestVersion()
	if d.writer, err = newWriter(ctx, d.main); err != nil {
		return nil, err
	}
	if d.file, err = os.Stat(d.path); err != nil {
		return nil, err
	}
	return d, d.openReaders(ctx, readers, address(d.path, "rw", "query_only(1)", "cache_size(-2000)", "temp_store(memory)"))
}

// limitSize makes SQLite refuse to let the database grow beyond a size.
func limitSize(ctx context.Context, c *sql.Conn, bytes int64) error {
	var page int64
	if err := c.QueryRowContext(ctx, "PRAGMA page_size").Scan(&page); err != nil {
		return err
	}
	_, err := c.ExecContext(ctx, fmt.Sprintf("PRAGMA max_page_count(%d)", bytes/page))
	return err
}

// openToRead opens a database that no process writes to at the same time.
func openToRead(ctx context.Context, path string, readers int) (_ *database, err error) {
	d := &database{path: path, readers: make(chan *reading, readers)}
	defer func() {
		if err != nil {
			err = errors.Join(asError("open", d.path, err), d.close())
		}
	}()
	at := readAddress(path, false)
	if d.pool, err = sql.Open("sqlite", at); err != nil {
		return nil, err
	}
	if d.main, err = d.pool.Conn(ctx); err != nil {
		return nil, err
	}
	if d.schema, err = checkSchema(ctx, d.main); err != nil {
		return nil, err
	}
	if err := adapt(ctx, d.main, d.schema); err != nil {
		return nil, err
	}
	return d, d.openReaders(ctx, readers, at)
}

func (d *database) openReaders(ctx context.Context, n int, address string) (err error) {
	if d.reading, err = sql.Open("sqlite", address); err != nil {
		return err
	}
	for range n {
		r, err := newReading(ctx, d.reading, d.schema)
		if err != nil {
			return err
		}
		d.readers <- r
		d.opened++
	}
	return nil
}

// busyTimeout is how long SQLite waits for other connections, in milliseconds.
const busyTimeout = 10_000

func address(path, mode string, pragmas ...string) string {
	values := url.Values{}
	for _, p := range append([]string{fmt.Sprintf("busy_timeout(%d)", busyTimeout)}, pragmas...) {
		values.Add("_pragma", p)
	}
	if mode != "" {
		values.Set("mode", mode)
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + values.Encode()
}

// readAddress returns the address for reading. A database without a log is opened
// as immutable, so that SQLite creates no files beside it. A database with a log,
// from a running or killed process, needs the index of the log.
func readAddress(path string, live bool) string {
	at := address(path, "ro", "query_only(1)", "cache_size(-2000)", "temp_store(memory)")
	if info, err := os.Stat(path + "-wal"); !live && (err != nil || info.Size() == 0) {
		at += "&immutable=1"
	}
	return at
}

// checkDatabase checks the schema of a database that this process has locked but
// not opened.
func checkDatabase(ctx context.Context, path string) (version int, err error) {
	pool, err := sql.Open("sqlite", readAddress(path, false))
	if err != nil {
		return 0, err
	}
	version, err = checkSchema(ctx, pool)
	return version, errors.Join(err, pool.Close())
}

// copyLog copies the log into the database in another goroutine of a group. Meanwhile
// nothing may use the writer's connection. If it fails, closing does it.
func (d *database) copyLog(g *sync.WaitGroup) {
	g.Go(func() { _, _ = d.main.ExecContext(context.Background(), "PRAGMA wal_checkpoint(PASSIVE)") })
}

func (d *database) close() error {
	var errs []error
	if d.writer != nil {
		// Write the log into the database, so that only one file remains.
		_, err := d.main.ExecContext(context.Background(), "PRAGMA wal_checkpoint(TRUNCATE)")
		errs = append(errs, err)
	}
	if d.main != nil {
		errs = append(errs, d.main.Close())
	}
	if d.reading != nil {
		for range d.opened { // waits for running reads
			errs = append(errs, (<-d.readers).connection.Close())
		}
		errs = append(errs, d.reading.Close())
	}
	if d.pool != nil {
		errs = append(errs, d.pool.Close())
	}
	return asError("close", d.path, errors.Join(errs...))
}

// querier has the methods that a connection and a pool have in common.
type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// readSettings returns nil if Create has not been called.
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
