package local

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"time"

	"dalil/corpus"
	"dalil/store"
)

// Vocabulary returns the current state of the index; it is never behind writes.
func (s *Store) Vocabulary(ctx context.Context) (store.Vocabulary, error) {
	return s.state.Load(), ctx.Err()
}

// located is a chunk with its data from the index, before the database is read.
type located struct {
	id       corpus.ChunkID
	key      int64
	ordinal  int
	document string
	revision string
}

func (s *Store) locate(ids []corpus.ChunkID, hidden bool) []located {
	state := s.state.Load()
	defer runtime.KeepAlive(state)
	now, hiding := s.options.Now(), map[*view]bitmap{}
	found := make([]located, 0, len(ids))
	for _, id := range ids {
		p, held := state.find(id)
		if !held {
			continue
		}
		if !hidden {
			hides, known := hiding[p.view]
			if !known {
				hides = p.view.hidden(now)
				hiding[p.view] = hides
			}
			if hides.has(p.document) {
				continue
			}
		}
		found = append(found, located{
			id: id, key: p.view.keys[p.document], ordinal: int(p.row - p.view.firsts[p.document]),
			document: string(p.view.id(p.document)), revision: string(p.view.revision(p.document)),
		})
	}
	return found
}

// places finds ids in the index, for the column; one that is gone has no key.
func (s *Store) places(ids []corpus.ChunkID) []located {
	state := s.state.Load()
	defer runtime.KeepAlive(state)
	found := make([]located, len(ids))
	state.touch(ids)
	for i, id := range ids {
		found[i].id = id
		if p, held := state.find(id); held {
			found[i].key, found[i].ordinal = p.view.keys[p.document], int(p.row-p.view.firsts[p.document])
		}
	}
	return found
}

// Chunks reads points in the order of ids: from the column, and what that does not have
// from the database. A point that was replaced between
// reading the index and reading the database is left out, and the index has what
// replaced it when Chunks returns. A row never changes under its key, so the statements
// need not read one snapshot of the database. If a document was edited meanwhile, its
// points are under another key, and all are read again.
func (s *Store) Chunks(ctx context.Context, ids []corpus.ChunkID, with store.Fields) ([]store.Point, error) {
	if err := s.mayGoOn(ctx); err != nil {
		return nil, err
	}
	found := s.locate(ids, with&store.WithHidden != 0)
	points, missing := s.fromColumn(found, with)
	vectors := with&(store.WithDense|store.WithSparse) != 0
	if len(missing) == 0 && !vectors {
		return points, nil
	}
	err := s.lend(ctx, "read chunks", func(r *reading) (err error) {
		if vectors {
			if missing, err = s.addVectors(r, found, points, missing, with); err != nil {
				return err
			}
		}
		for len(missing) > 0 {
			page := missing[:min(len(missing), places)]
			missing = missing[len(page):]
			moved, err := s.fromDatabase(ctx, r, found, page, points, with)
			if err != nil {
				return err
			}
			if moved {
				points, err = s.chunksNow(ctx, r, found, with)
				return err
			}
		}
		points = slices.DeleteFunc(points, func(p store.Point) bool { return p.Chunk.ID == corpus.ChunkID{} })
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(points) < len(found) {
		err = s.settle(ctx)
	}
	return points, err
}

// addVectors reads the vectors of the points that the column had. Those whose vectors are gone become missing.
func (s *Store) addVectors(r *reading, found []located, points []store.Point, missing []int, with store.Fields) ([]int, error) {
	for i := range points {
		if points[i].Chunk.ID == (corpus.ChunkID{}) {
			continue // it is missing already
		}
		err := s.vectorsOf(r, &found[i], &points[i], with)
		if errors.Is(err, sql.ErrNoRows) {
			points[i] = store.Point{}
			missing = append(missing, i)
		} else if err != nil {
			return nil, err
		}
	}
	return missing, nil
}

// fromDatabase reads up to places points: those with the given numbers in found. Those that are gone
// stay without an id. moved: the document of one of them was edited.
func (s *Store) fromDatabase(ctx context.Context, r *reading, found []located, numbers []int, points []store.Point, with store.Fields) (moved bool, err error) {
	var page [places]located
	for i, number := range numbers {
		page[i] = found[number]
	}
	var chunks [places]corpus.Chunk
	var held [places]bool
	if err := r.chunks(page[:len(numbers)], with, func(i int, c corpus.Chunk) { chunks[i], held[i] = c, true }); err != nil {
		return false, err
	}
	var documents [places]*corpus.Document
	if with&store.WithDocument != 0 {
		if err := s.documentsOf(r, page[:len(numbers)], documents[:]); err != nil {
			return false, err
		}
	}
	for i, number := range numbers {
		at := &page[i]
		p, err := store.Point{Chunk: chunks[i]}, error(sql.ErrNoRows)
		if held[i] {
			p.Chunk.ID, p.Chunk.DocumentID, p.Chunk.Revision, p.Chunk.Ordinal = at.id, at.document, at.revision, at.ordinal
			p.Document = documents[i]
			err = s.rest(r, at, &p, with)
		}
		if errors.Is(err, sql.ErrNoRows) {
			if moved, err := r.moved(at); moved || err != nil {
				return moved, err
			}
			continue
		}
		if err = errors.Join(err, ctx.Err()); err != nil {
			return false, err
		}
		points[number] = p
	}
	return false, nil
}

// moved reports whether a point that is gone has a document that was edited: one with the
// same revision and another key.
func (r *reading) moved(at *located) (bool, error) {
	key, revision, err := r.find(at)
	return key != at.key && revision == at.revision, err
}

// find returns the current key and revision of a point's document, or 0 if it is gone.
func (r *reading) find(at *located) (key int64, revision string, err error) {
	err = r.current.QueryRow([]byte(at.document)).Scan(&key, &revision)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, "", nil
	}
	return key, revision, err
}

// chunksNow reads points in one snapshot of the database, under the current keys of their
// documents, so that all points of a document have the same fields.
func (s *Store) chunksNow(ctx context.Context, r *reading, found []located, with store.Fields) (points []store.Point, err error) {
	err = r.transact(func(r *reading) error {
		for i := range found {
			at := &found[i]
			key, revision, err := r.find(at)
			if err = errors.Join(err, ctx.Err()); err != nil {
				return err
			}
			if key == 0 || revision != at.revision {
				continue
			}
			at.key = key
			p, err := s.point(r, at, with)
			if errors.Is(err, sql.ErrNoRows) {
				continue
			}
			if err != nil {
				return err
			}
			points = append(points, p)
		}
		return nil
	})
	return points, err
}

func (s *Store) point(r *reading, at *located, with store.Fields) (p store.Point, err error) {
	p.Chunk = corpus.Chunk{ID: at.id, DocumentID: at.document, Revision: at.revision, Ordinal: at.ordinal}
	if err = r.chunk(&p.Chunk, placeOf(at.key, at.ordinal), with&store.WithText != 0); err != nil {
		return p, err
	}
	return p, s.rest(r, at, &p, with)
}

// rest reads what is asked for beside the text.
func (s *Store) rest(r *reading, at *located, p *store.Point, with store.Fields) (err error) {
	if err = s.vectorsOf(r, at, p, with); err == nil && with&store.WithDocument != 0 && p.Document == nil {
		p.Document, err = s.document(r, at)
	}
	return err
}

// vectorsOf reads the vectors that are asked for.
func (s *Store) vectorsOf(r *reading, at *located, p *store.Point, with store.Fields) error {
	if with&(store.WithDense|store.WithSparse) == 0 {
		return nil
	}
	rows, err := r.vectors.Query(placeOf(at.key, at.ordinal))
	if err != nil {
		return err
	}
	defer rows.Close()
	if !rows.Next() {
		return cmp.Or(rows.Err(), sql.ErrNoRows)
	}
	var dense, sparse sql.RawBytes // decoding copies them
	if err := rows.Scan(&dense, &sparse); err != nil {
		return err
	}
	if with&store.WithDense != 0 {
		if p.Dense, err = decodeDense(dense, s.options.Pipeline.Dimensions); err != nil {
			return err
		}
	}
	if with&store.WithSparse != 0 {
		p.Sparse, err = decodeSparse(sparse)
	}
	return err
}

// Documents lists documents in ascending order of ids.
func (s *Store) Documents(ctx context.Context, after string, limit int) ([]store.Record, error) {
	return s.page(ctx, after, "", limit)
}

// page lists documents whose ids are above after and, if until is not empty, below until.
func (s *Store) page(ctx context.Context, after, until string, limit int) (all []store.Record, err error) {
	if err := store.CheckLimit(limit); err != nil {
		return nil, err
	}
	if s.salvaged != nil {
		all, err = s.salvagedDocuments(ctx, after, limit)
		return slices.DeleteFunc(all, func(d store.Record) bool { return until != "" && d.Document.ID >= until }), err
	}
	err = s.read(ctx, "list documents", func(r *reading) error {
		statement, arguments := r.documents, []any{[]byte(after), limit}
		if until != "" {
			statement, arguments = r.between, []any{[]byte(after), []byte(until), limit}
		}
		rows, err := statement.QueryContext(ctx, arguments...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			info, err := s.scanDocument(rows)
			if err != nil {
				return err
			}
			all = append(all, info)
		}
		return rows.Err()
	})
	return all, err
}

// Document reads one.
func (s *Store) Document(ctx context.Context, id string) (info store.Record, err error) {
	if s.salvaged != nil {
		return s.salvagedDocument(ctx, id)
	}
	err = s.read(ctx, "read a document", func(r *reading) (err error) {
		info, err = s.scanDocument(r.document.QueryRow([]byte(id)))
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		err = fmt.Errorf("%w: there is no document %q", corpus.ErrNotFound, id)
	}
	return info, err
}

// scanner is a row of a result: *sql.Row or *sql.Rows.
type scanner interface{ Scan(into ...any) error }

func (s *Store) scanDocument(row scanner) (info store.Record, err error) {
	var id string
	var updated int64
	var fields []byte
	if err := row.Scan(&id, &info.Fingerprint, &info.Revision, &info.Chunks, &updated, &fields); err != nil {
		return info, err
	}
	info.UpdatedAt = time.UnixMicro(updated).UTC()
	info.Document, err = decodeDocument(id, fields)
	info.Document.ETag = store.Content(info.Fingerprint)
	info.Expired = info.Document.Expired(s.options.Now())
	return info, err
}

// Fingerprints returns the fingerprints of existing documents.
func (s *Store) Fingerprints(ctx context.Context, ids []string) (map[string]string, error) {
	held := make(map[string]string, len(ids))
	now := s.options.Now()
	err := s.read(ctx, "read fingerprints", func(r *reading) error {
		return r.eachFingerprint(ctx, ids, func(id, fingerprint string, d *corpus.Document) {
			if !d.Expired(now) {
				held[id] = fingerprint
			}
		})
	})
	if err != nil {
		return nil, err
	}
	return held, nil
}

// Settings returns the settings of Create.
func (s *Store) Settings(ctx context.Context) (store.Settings, error) {
	if err := ctx.Err(); err != nil {
		return store.Settings{}, err
	}
	if held := s.settings.Load(); held != nil {
		return held.Clone(), nil
	}
	return store.Settings{}, fmt.Errorf("%w: nothing has been indexed", corpus.ErrNotReady)
}

// Schema returns the schema version of the open database, and the newest one.
func (s *Store) Schema() (held, newest int) { return s.database.schema, newestVersion() }

// Stats counts the documents and passages that are not deleted.
func (s *Store) Stats(ctx context.Context) (corpus.Stats, error) {
	if err := ctx.Err(); err != nil {
		return corpus.Stats{}, err
	}
	state := s.state.Load()
	defer runtime.KeepAlive(state)
	stats := corpus.Stats{
		Documents: state.documents, Passages: state.passages, Terms: state.terms(), Languages: state.languages(),
		DiskBytes: folderSize(s.folder),
	}
	if state.updated > 0 {
		stats.UpdatedAt = time.UnixMicro(state.updated).UTC()
	}
	return stats, nil
}
