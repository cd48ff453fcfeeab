package local

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"dalil/corpus"
)

// load reads the settings and brings every vector into memory: one goroutine
// reads and decodes, this one builds the index.
func (s *Store) load(ctx context.Context) error {
	if err := s.readSettings(ctx); err != nil {
		return err
	}
	documents, err := s.loadDocuments(ctx)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	batches := make(chan []loadedPoint, 4)
	reading := make(chan error, 1)
	go func() {
		defer close(batches)
		reading <- s.readPoints(ctx, batches)
	}()
	for batch := range batches {
		for i := range batch {
			d := documents[batch[i].slot]
			if d == nil {
				return fmt.Errorf("%w: vector %d belongs to no document", corpus.ErrCorrupt, batch[i].row)
			}
			if d.points = append(d.points, batch[i].storedPoint); len(d.points) == d.chunks {
				s.mem.put(&d.stored)
				d.points, d.loaded = nil, true
			}
		}
	}
	if err := <-reading; err != nil {
		return err
	}
	for slot, d := range documents {
		switch {
		case d.chunks == 0:
			s.mem.put(&d.stored)
		case !d.loaded:
			return fmt.Errorf("%w: document %q lacks vectors (slot %d)", corpus.ErrCorrupt, d.fields.ID, slot)
		}
	}
	return nil
}

type loading struct {
	stored
	chunks int
	loaded bool
}

type loadedPoint struct {
	storedPoint
	slot int64
}

func (s *Store) loadDocuments(ctx context.Context) (map[int64]*loading, error) {
	rows, err := s.reading.QueryContext(ctx, "SELECT slot, fingerprint, revision, chunks, updated, fields FROM document")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	documents := map[int64]*loading{}
	points := 0
	for rows.Next() {
		var d loading
		var fields sql.RawBytes
		if err := rows.Scan(&d.slot, &d.fingerprint, &d.revision, &d.chunks, &d.updated, &fields); err != nil {
			return nil, err
		}
		if err := json.Unmarshal(fields, &d.fields); err != nil {
			return nil, fmt.Errorf("%w: document in slot %d: %w", corpus.ErrCorrupt, d.slot, err)
		}
		documents[d.slot] = &d
		points += d.chunks
	}
	s.mem.reserve(points)
	return documents, rows.Err()
}

// readPoints sends all vectors in the order of their rows.
func (s *Store) readPoints(ctx context.Context, batches chan<- []loadedPoint) error {
	rows, err := s.reading.QueryContext(ctx, "SELECT row, slot, id, dense, sparse FROM vector ORDER BY row")
	if err != nil {
		return err
	}
	defer rows.Close()
	const size = 512
	batch := make([]loadedPoint, 0, size)
	send := func() error {
		select {
		case batches <- batch:
			batch = make([]loadedPoint, 0, size)
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	var id, dense, sparse sql.RawBytes
	for rows.Next() {
		var p loadedPoint
		if err := rows.Scan(&p.row, &p.slot, &id, &dense, &sparse); err != nil {
			return err
		}
		if len(id) != len(p.id) {
			return fmt.Errorf("%w: vector %d has an id of %d bytes", corpus.ErrCorrupt, p.row, len(id))
		}
		copy(p.id[:], id)
		if p.dense, err = decodeDense(dense, s.options.Pipeline.Dimensions); err != nil {
			return fmt.Errorf("vector %d: %w", p.row, err)
		}
		if p.sparse, err = decodeSparse(sparse); err != nil {
			return fmt.Errorf("vector %d: %w", p.row, err)
		}
		if batch = append(batch, p); len(batch) == size {
			if err := send(); err != nil {
				return err
			}
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return send()
}
