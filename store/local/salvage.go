package local

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"math"
	"runtime"
	"slices"
	"strings"
	"unicode/utf8"

	"dalil/corpus"
	"dalil/store"
)

// salvaged has what a store with Options.Salvage could read.
type salvaged struct {
	ids     []string         // of documents whose text can be read, ascending
	keys    map[string]int64 // their keys
	damaged []store.Damage
}

// Damaged returns what cannot be read, if the store was opened with
// Options.Salvage.
func (s *Store) Damaged() []store.Damage {
	if s.salvaged == nil {
		return nil
	}
	return slices.Clone(s.salvaged.damaged)
}

// loadSalvage reads every document completely and keeps those that can be read. It
// needs no segment file and no index of the database.
func (s *Store) loadSalvage(ctx context.Context) error {
	s.salvaged = &salvaged{keys: map[string]int64{}}
	s.show(nil, 0)
	r := <-s.database.readers
	defer func() { s.database.readers <- r }()
	known, err := r.everyKey(ctx)
	if err != nil {
		return err
	}
	s.fileKeys(ctx, known)
	var batch []*record
	rows := 0
	flush := func() {
		now := s.state.Load()
		views := now.views[:len(now.views):len(now.views)]
		for _, b := range buildAll(s.options.Pipeline.Dimensions, batch) {
			views = append(views, newView(b))
		}
		s.show(views, now.updated)
		batch, rows = nil, 0
	}
	for _, key := range slices.Sorted(maps.Keys(known)) {
		if err := ctx.Err(); err != nil {
			return err
		}
		one, damage := s.salvage(ctx, r, key)
		if damage != nil {
			if damage.DocumentID == "" {
				damage.DocumentID = known[key]
			}
			damage.Err = asError("read", s.database.path, damage.Err)
			s.salvaged.damaged = append(s.salvaged.damaged, *damage)
		}
		if one == nil {
			continue
		}
		s.salvaged.keys[one.document.ID] = key
		batch = append(batch, one)
		if rows += len(one.points); rows >= loadedRows {
			flush()
		}
	}
	flush()
	s.salvaged.ids = slices.Sorted(maps.Keys(s.salvaged.keys))
	if a, found := readMark(s.folder); found && a.Documents > len(known) {
		s.salvaged.damaged = append(s.salvaged.damaged, store.Damage{Err: corpus.Errorf(corpus.ErrCorrupt,
			"there were %d documents, and %d can be found; the ids of the others cannot be read", a.Documents, len(known))})
	}
	return nil
}

// salvagedDocuments lists documents without the index on ids, which may be damaged.
func (s *Store) salvagedDocuments(ctx context.Context, after string, limit int) (all []store.Record, err error) {
	at, found := slices.BinarySearch(s.salvaged.ids, after)
	if found {
		at++
	}
	for _, id := range s.salvaged.ids[at:min(at+limit, len(s.salvaged.ids))] {
		info, err := s.salvagedDocument(ctx, id)
		if err != nil {
			return nil, err
		}
		all = append(all, info)
	}
	return all, nil
}

func (s *Store) salvagedDocument(ctx context.Context, id string) (info store.Record, err error) {
	key, found := s.salvaged.keys[id]
	if !found {
		return info, fmt.Errorf("%w: there is no document %q that can be read", corpus.ErrNotFound, id)
	}
	err = s.read(ctx, "read a document", func(r *reading) (err error) {
		info, err = s.scanDocument(r.connection.QueryRowContext(ctx, "SELECT id, fingerprint, revision, chunks, updated, fields FROM document WHERE key = ?", key))
		return err
	})
	return info, err
}

// salvage reads one document. It returns a nil record if the text or metadata
// cannot be read. Vectors that cannot be read are replaced by zero vectors.
func (s *Store) salvage(ctx context.Context, r *reading, key int64) (*record, *store.Damage) {
	var id string
	var chunks int
	one := &record{key: key}
	var fields []byte
	row := r.connection.QueryRowContext(ctx, "SELECT id, revision, chunks, fields FROM document WHERE key = ?", key)
	if err := row.Scan(&id, &one.revision, &chunks, &fields); err != nil {
		return nil, &store.Damage{Err: missing(err)}
	}
	var err error
	if one.document, err = decodeDocument(id, fields); err != nil {
		return nil, &store.Damage{DocumentID: id, Err: err}
	}
	if chunks < 0 || chunks > maxChunks {
		return nil, &store.Damage{DocumentID: id, Err: fmt.Errorf("%w: it has %d passages", corpus.ErrCorrupt, chunks)}
	}
	var damage *store.Damage
	for i := range chunks {
		text := store.Point{}
		if err := r.chunk(&text.Chunk, placeOf(key, i), true); err != nil {
			return nil, &store.Damage{DocumentID: id, Err: fmt.Errorf("passage %d of %d: %w", i+1, chunks, missing(err))}
		}
		if t := text.Chunk.Text; !utf8.ValidString(t) || strings.ContainsRune(t, 0) {
			return nil, &store.Damage{DocumentID: id, Err: fmt.Errorf("%w: passage %d of %d is not text", corpus.ErrCorrupt, i+1, chunks)}
		}
		p, err := s.vectors(r, corpus.NewChunkID(id, one.revision, i), placeOf(key, i))
		if err != nil {
			damage = &store.Damage{DocumentID: id, Readable: true, Err: fmt.Errorf("vectors of passage %d of %d: %w", i+1, chunks, missing(err))}
		}
		one.points = append(one.points, p)
	}
	return one, damage
}

// vectors reads the vectors of a passage, or returns zero vectors if they cannot be read.
func (s *Store) vectors(r *reading, id corpus.ChunkID, place int64) (recordPoint, error) {
	p := recordPoint{id: id, dense: make(corpus.Vector, s.options.Pipeline.Dimensions)}
	var dense, sparse []byte
	err := r.vectors.QueryRow(place).Scan(&dense, &sparse)
	if err != nil {
		return p, err
	}
	v, err := decodeDense(dense, s.options.Pipeline.Dimensions)
	if err != nil {
		return p, err
	}
	for _, x := range v {
		if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
			return p, fmt.Errorf("%w: a vector holds %v", corpus.ErrCorrupt, x)
		}
	}
	terms, err := decodeSparse(sparse)
	if err != nil {
		return p, err
	}
	for i := range terms.Dimensions {
		if w := terms.Weights[i]; i > 0 && terms.Dimensions[i] <= terms.Dimensions[i-1] || w-w != 0 {
			return p, fmt.Errorf("%w: a sparse vector is out of order", corpus.ErrCorrupt)
		}
	}
	p.dense, p.sparse = v, terms
	return p, nil
}

// missing is the error of a missing row.
func missing(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("%w: it is missing", corpus.ErrCorrupt)
	}
	return err
}

// everyKey finds the keys of all documents, and their ids if these can be read. It
// reads the table and its index, each from both ends, because a damaged page may be
// reachable from only one of them.
func (r *reading) everyKey(ctx context.Context) (map[int64]string, error) {
	known := map[int64]string{}
	complete := false
	for _, way := range []string{
		"SELECT key, id FROM main.document INDEXED BY sqlite_autoindex_document_1 WHERE id >= x'' ORDER BY id",
		"SELECT key, id FROM main.document INDEXED BY sqlite_autoindex_document_1 WHERE id >= x'' ORDER BY id DESC",
		"SELECT key, id FROM main.document NOT INDEXED ORDER BY key",
		"SELECT key, id FROM main.document NOT INDEXED ORDER BY key DESC",
	} {
		err := eachRow(ctx, r.connection, way, func(rows *sql.Rows) error {
			var key int64
			var id string
			if err := rows.Scan(&key, &id); err != nil {
				return err
			}
			known[key] = id
			return nil
		})
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		complete = complete || err == nil
	}
	if !complete {
		r.probe(known)
	}
	return known, nil
}

// fileKeys adds the documents in segment files, so that documents which the
// database cannot name any more at least have an id.
func (s *Store) fileKeys(ctx context.Context, known map[int64]string) {
	views, err := s.loadFiles(ctx)
	if err != nil {
		return // a failure here is no error
	}
	for i := range views {
		v := &views[i]
		for d, key := range v.keys {
			if _, found := known[key]; !found && !v.dead.has(uint32(d)) {
				known[key] = string(v.id(uint32(d)))
			}
		}
	}
	runtime.KeepAlive(views)
}

// maxProbes is the largest number of keys that are tried one by one.
const maxProbes = 1 << 22

// probe tries the keys between the known ones, one by one.
func (r *reading) probe(known map[int64]string) {
	if len(known) == 0 {
		return
	}
	found := slices.Sorted(maps.Keys(known))
	tried := 0
	for i := 1; i < len(found) && tried < maxProbes; i++ {
		for key := found[i-1] + 1; key < found[i] && tried < maxProbes; key++ {
			tried++
			var id string
			if r.connection.QueryRowContext(context.Background(), "SELECT id FROM document WHERE key = ?", key).Scan(&id) == nil {
				known[key] = id
			}
		}
	}
}

// Integrity returns the errors that SQLite's own check finds, at most twenty lines,
// or nil.
func (s *Store) Integrity(ctx context.Context) ([]string, error) {
	r, err := newReading(ctx, s.database.reading, s.database.schema)
	if err != nil {
		return nil, asError("check", s.database.path, err)
	}
	defer r.connection.Close()
	var found []string
	err = eachRow(ctx, r.connection, "PRAGMA integrity_check(20)", func(rows *sql.Rows) error {
		var line string
		err := rows.Scan(&line)
		if err == nil && line != "ok" {
			found = append(found, line)
		}
		return err
	})
	if err = asError("check", s.database.path, err); errors.Is(err, corpus.ErrCorrupt) {
		return append(found, err.Error()), nil
	}
	return found, err
}
