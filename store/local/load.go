package local

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"dalil/corpus"
)

// load reads the collection into memory: the listed segment files, and from the
// database the documents that are in none of them.
func (s *Store) load(ctx context.Context) error {
	c := s.database.main
	settings, err := readSettings(ctx, c)
	if err != nil && !s.options.Salvage {
		return err
	}
	if settings != nil {
		if settings.Pipeline != s.options.Pipeline {
			return &corpus.MismatchError{Held: settings.Pipeline, Wanted: s.options.Pipeline}
		}
		s.settings.Store(settings)
	}
	if s.options.Salvage {
		return s.loadSalvage(ctx)
	}
	if err := s.checkMark(ctx); err != nil {
		return err
	}
	if err := s.identify(ctx); err != nil {
		return err
	}
	var updated []byte
	if err := c.QueryRowContext(ctx, "SELECT value FROM setting WHERE key = 'updated'").Scan(&updated); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	views, err := s.loadFiles(ctx)
	if err != nil {
		return err
	}
	s.show(views, parseUpdated(updated))
	s.nextKey = s.filed + 1
	if err := s.loadRest(ctx); err != nil {
		return err
	}
	var held int
	if err := c.QueryRowContext(ctx, "SELECT count(*) FROM document").Scan(&held); err != nil {
		return err
	}
	if now := s.state.Load(); held != now.documents && s.filed > 0 {
		return s.reload(ctx)
	} else if held != now.documents {
		return fmt.Errorf("%w: %d documents of %d can be read", corpus.ErrCorrupt, now.documents, held)
	}
	if s.options.ReadOnly {
		return nil
	}
	return removeUnlisted(s.folder, s.state.Load().views)
}

// reload discards the files and reads the whole database.
func (s *Store) reload(ctx context.Context) error {
	if err := s.forgetFiles(ctx); err != nil {
		return err
	}
	s.show(nil, s.state.Load().updated)
	return s.load(ctx)
}

func (s *Store) forgetFiles(ctx context.Context) error {
	s.filed, s.listed = 0, map[string]bool{}
	if s.options.ReadOnly {
		s.withoutFiles = true
		return nil
	}
	return s.database.writer.transact(func() error {
		_, err := s.database.main.ExecContext(ctx, "DELETE FROM segment; DELETE FROM removed")
		return err
	})
}

// loadFiles reads the listed files in parallel. If one of them is not valid, it
// uses none, because the database has all the data.
func (s *Store) loadFiles(ctx context.Context) ([]view, error) {
	if s.withoutFiles {
		return nil, nil
	}
	c := s.database.main
	var files []*segmentFile
	err := eachRow(ctx, c, "SELECT name, checksum, size, last FROM segment ORDER BY position", func(rows *sql.Rows) error {
		f := &segmentFile{}
		files = append(files, f)
		return rows.Scan(&f.name, &f.checksum, &f.size, &s.filed)
	})
	if err != nil {
		return nil, err
	}
	views, errs := make([]view, len(files)), make([]error, len(files))
	var loading sync.WaitGroup
	for i, f := range files {
		loading.Go(func() {
			var loaded *segment
			if loaded, errs[i] = loadSegment(s.folder, s.options.Pipeline.Dimensions, f); errs[i] == nil {
				views[i] = newView(loaded)
			}
		})
	}
	loading.Wait()
	if errors.Join(errs...) != nil {
		return nil, s.forgetFiles(ctx)
	}
	var gone []int64
	err = eachRow(ctx, c, "SELECT key FROM removed", func(rows *sql.Rows) error {
		gone = append(gone, 0)
		return rows.Scan(&gone[len(gone)-1])
	})
	for _, f := range files {
		s.listed[f.name] = true
	}
	return without(views, gone), err
}

func eachRow(ctx context.Context, c *sql.Conn, query string, do func(*sql.Rows) error, args ...any) error {
	rows, err := c.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := do(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// loadedRows is the number of rows of a segment that is built while the database is read.
const loadedRows = 2048

// loadRest reads the documents that are in no file, in the order of their keys. One
// goroutine reads, this one builds segments.
func (s *Store) loadRest(ctx context.Context) error {
	documents, err := s.unfiled(ctx)
	if err != nil || len(documents) == 0 {
		return err
	}
	s.nextKey = max(s.nextKey, documents[len(documents)-1].key+1)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	batches := make(chan []*record, 4)
	reading := make(chan error, 1)
	go func() {
		defer close(batches)
		reading <- s.readVectors(ctx, documents, batches)
	}()
	for batch := range batches {
		now := s.state.Load()
		views := now.views[:len(now.views):len(now.views)]
		for _, b := range buildAll(s.options.Pipeline.Dimensions, batch) {
			views = append(views, newView(b))
		}
		s.show(views, now.updated)
	}
	return <-reading
}

// unread is a document without its vectors.
type unread struct {
	record
	chunks int
}

func (s *Store) unfiled(ctx context.Context) ([]*unread, error) {
	var documents []*unread
	query := "SELECT key, id, revision, chunks, fields FROM document WHERE key > ? ORDER BY key"
	err := eachRow(ctx, s.database.main, query, func(rows *sql.Rows) error {
		d := &unread{}
		var id string
		var fields sql.RawBytes
		if err := rows.Scan(&d.key, &id, &d.revision, &d.chunks, &fields); err != nil {
			return err
		}
		if d.chunks < 0 || d.chunks > maxChunks {
			return fmt.Errorf("%w: document %q has %d passages", corpus.ErrCorrupt, id, d.chunks)
		}
		document, err := decodeDocument(id, fields)
		d.document = document
		documents = append(documents, d)
		return err
	}, s.filed)
	return documents, err
}

// readVectors sends the documents with their vectors.
func (s *Store) readVectors(ctx context.Context, documents []*unread, batches chan<- []*record) error {
	var batch []*record
	rows := 0
	send := func() error {
		select {
		case batches <- batch:
			batch, rows = nil, 0
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	next := 0
	// complete passes on the documents that have all their vectors.
	complete := func() error {
		for ; next < len(documents) && len(documents[next].points) == documents[next].chunks; next++ {
			batch = append(batch, &documents[next].record)
			documents[next] = &unread{} // so that the memory can be freed
			if rows >= loadedRows {
				if err := send(); err != nil {
					return err
				}
			}
		}
		return nil
	}
	if err := complete(); err != nil {
		return err
	}
	query := "SELECT place, dense, sparse FROM vector WHERE place >= ? ORDER BY place"
	err := eachRow(ctx, s.database.main, query, func(found *sql.Rows) error {
		var place int64
		var dense, sparse sql.RawBytes
		if err := found.Scan(&place, &dense, &sparse); err != nil {
			return err
		}
		if next == len(documents) || place != placeOf(documents[next].key, len(documents[next].points)) {
			return fmt.Errorf("%w: the vector at place %d belongs to no document", corpus.ErrCorrupt, place)
		}
		d := documents[next]
		p := recordPoint{id: corpus.NewChunkID(d.document.ID, d.revision, len(d.points))}
		var err error
		if p.dense, err = decodeDense(dense, s.options.Pipeline.Dimensions); err != nil {
			return err
		}
		if p.sparse, err = decodeSparse(sparse); err != nil {
			return err
		}
		d.points = append(d.points, p)
		rows++
		return complete()
	}, placeOf(s.filed+1, 0))
	if err != nil {
		return err
	}
	if next < len(documents) {
		return fmt.Errorf("%w: document %q has %d of %d vectors", corpus.ErrCorrupt, documents[next].document.ID, len(documents[next].points), documents[next].chunks)
	}
	if len(batch) == 0 {
		return nil
	}
	return send()
}
