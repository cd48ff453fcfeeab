package local

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"dalil/corpus"
	"dalil/store"
)

// Vocabulary never lags here: it is the postings themselves.
func (s *Store) Vocabulary(ctx context.Context) (store.Vocabulary, error) {
	if err := s.usable(ctx); err != nil {
		return nil, err
	}
	return vocabulary{s}, nil
}

// located is a chunk that memory knows, before the database is read.
type located struct {
	at       int // in the answer
	id       corpus.ChunkID
	row      int64
	owner    string
	slot     int64
	revision string
}

// Chunks reads points in the order asked.
func (s *Store) Chunks(ctx context.Context, ids []corpus.ChunkID, with store.Fields) ([]store.Point, error) {
	if err := s.usable(ctx); err != nil {
		return nil, err
	}
	found := s.locate(ids)
	if len(found) == 0 {
		return nil, nil
	}
	points := make([]store.Point, len(ids))
	held := make([]bool, len(ids))
	// One reading transaction sees one state: text, vectors and documents of
	// an answer belong together.
	tx, err := s.reading.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, classify("read chunks", err)
	}
	defer tx.Rollback()
	if err := readChunks(ctx, tx, found, with, points, held); err != nil {
		return nil, classify("read chunks", err)
	}
	if with&(store.WithDense|store.WithSparse) != 0 {
		if err := s.readVectors(ctx, tx, found, with, points, held); err != nil {
			return nil, classify("read vectors", err)
		}
	}
	if with&store.WithDocument != 0 {
		if err := readDocuments(ctx, tx, found, points, held); err != nil {
			return nil, classify("read documents", err)
		}
	}
	n := 0
	for i := range points {
		if held[i] {
			points[n] = points[i]
			n++
		}
	}
	return points[:n], nil
}

func (s *Store) locate(ids []corpus.ChunkID) []located {
	s.mu.RLock()
	defer s.mu.RUnlock()
	found := make([]located, 0, len(ids))
	seen := make(map[corpus.ChunkID]bool, len(ids))
	for at, id := range ids {
		row, ok := s.mem.rowOf[id]
		if !ok || seen[id] {
			continue
		}
		seen[id] = true
		d := &s.mem.documents[s.mem.owner[row]]
		found = append(found, located{at: at, id: id, row: s.mem.record[row], owner: d.id, slot: d.slot, revision: d.revision})
	}
	return found
}

// in lists numbers for an IN clause; they are ours, never a caller's.
func in(found []located, number func(located) int64) string {
	var b strings.Builder
	for i, f := range found {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%d", number(f))
	}
	return b.String()
}

func byRow(found []located) map[int64]*located {
	rows := make(map[int64]*located, len(found))
	for i := range found {
		rows[found[i].row] = &found[i]
	}
	return rows
}

func readChunks(ctx context.Context, tx *sql.Tx, found []located, with store.Fields, points []store.Point, held []bool) error {
	text := "''"
	if with&store.WithText != 0 {
		text = "text"
	}
	rows, err := tx.QueryContext(ctx, "SELECT row, ordinal, first, last, "+text+" FROM chunk WHERE row IN ("+in(found, func(f located) int64 { return f.row })+")")
	if err != nil {
		return err
	}
	defer rows.Close()
	at := byRow(found)
	for rows.Next() {
		var row int64
		var c corpus.Chunk
		if err := rows.Scan(&row, &c.Ordinal, &c.Span.Start, &c.Span.End, &c.Text); err != nil {
			return err
		}
		f := at[row]
		c.ID, c.DocumentID, c.Revision = f.id, f.owner, f.revision
		points[f.at].Chunk, held[f.at] = c, true
	}
	return rows.Err()
}

func (s *Store) readVectors(ctx context.Context, tx *sql.Tx, found []located, with store.Fields, points []store.Point, held []bool) error {
	columns := []string{"x''", "x''"}
	if with&store.WithDense != 0 {
		columns[0] = "dense"
	}
	if with&store.WithSparse != 0 {
		columns[1] = "sparse"
	}
	rows, err := tx.QueryContext(ctx, "SELECT row, "+strings.Join(columns, ", ")+" FROM vector WHERE row IN ("+in(found, func(f located) int64 { return f.row })+")")
	if err != nil {
		return err
	}
	defer rows.Close()
	at := byRow(found)
	for rows.Next() {
		var row int64
		var dense, sparse sql.RawBytes
		if err := rows.Scan(&row, &dense, &sparse); err != nil {
			return err
		}
		p := &points[at[row].at]
		if with&store.WithDense != 0 {
			if p.Dense, err = decodeDense(dense, s.options.Pipeline.Dimensions); err != nil {
				return err
			}
		}
		if with&store.WithSparse != 0 {
			if p.Sparse, err = decodeSparse(sparse); err != nil {
				return err
			}
		}
	}
	return rows.Err()
}

func readDocuments(ctx context.Context, tx *sql.Tx, found []located, points []store.Point, held []bool) error {
	rows, err := tx.QueryContext(ctx, "SELECT slot, fields FROM document WHERE slot IN ("+in(found, func(f located) int64 { return f.slot })+")")
	if err != nil {
		return err
	}
	defer rows.Close()
	documents := map[int64]*corpus.Document{}
	for rows.Next() {
		var slot int64
		var fields sql.RawBytes
		var d corpus.Document
		if err := rows.Scan(&slot, &fields); err != nil {
			return err
		}
		if err := json.Unmarshal(fields, &d); err != nil {
			return fmt.Errorf("%w: document in slot %d: %w", corpus.ErrCorrupt, slot, err)
		}
		documents[slot] = &d
	}
	for _, f := range found {
		points[f.at].Document = documents[f.slot]
		held[f.at] = held[f.at] && documents[f.slot] != nil
	}
	return rows.Err()
}

const documentColumns = "SELECT id, fingerprint, revision, chunks, updated, fields FROM document "

// Documents lists by rising id.
func (s *Store) Documents(ctx context.Context, after string, limit int) ([]store.DocumentInfo, error) {
	if err := s.usable(ctx); err != nil {
		return nil, err
	}
	rows, err := s.reading.QueryContext(ctx, documentColumns+"WHERE id > ? ORDER BY id LIMIT ?", after, limit)
	if err != nil {
		return nil, classify("list documents", err)
	}
	defer rows.Close()
	var all []store.DocumentInfo
	for rows.Next() {
		info, err := scanDocument(rows)
		if err != nil {
			return nil, classify("list documents", err)
		}
		all = append(all, info)
	}
	return all, classify("list documents", rows.Err())
}

// Document reads one.
func (s *Store) Document(ctx context.Context, id string) (store.DocumentInfo, error) {
	if err := s.usable(ctx); err != nil {
		return store.DocumentInfo{}, err
	}
	info, err := scanDocument(s.reading.QueryRowContext(ctx, documentColumns+"WHERE id = ?", id))
	if errors.Is(err, sql.ErrNoRows) {
		return info, fmt.Errorf("%w: there is no document %q", corpus.ErrNotFound, id)
	}
	return info, classify("read a document", err)
}

func scanDocument(row interface{ Scan(...any) error }) (store.DocumentInfo, error) {
	var info store.DocumentInfo
	var updated int64
	var fields []byte
	if err := row.Scan(&info.Document.ID, &info.Fingerprint, &info.Revision, &info.Chunks, &updated, &fields); err != nil {
		return info, err
	}
	info.UpdatedAt = time.UnixMicro(updated).UTC()
	if err := json.Unmarshal(fields, &info.Document); err != nil {
		return info, fmt.Errorf("%w: document %q: %w", corpus.ErrCorrupt, info.Document.ID, err)
	}
	return info, nil
}

// Fingerprints answers from memory.
func (s *Store) Fingerprints(ctx context.Context, ids []string) (map[string]string, error) {
	if err := s.usable(ctx); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	held := make(map[string]string, len(ids))
	for _, id := range ids {
		if slot, ok := s.mem.byID[id]; ok {
			held[id] = s.mem.documents[slot].fingerprint
		}
	}
	return held, nil
}
