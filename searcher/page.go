package searcher

import (
	"context"
	"fmt"

	"dalil/corpus"
	"dalil/lexical"
	"dalil/store"
)

// page reads the winners. A chunk that a writer took away between the search
// and this read is passed over and the next candidate moves up, so a page is
// short only when the candidates are used up.
func (r *run) page(ctx context.Context) ([]corpus.Passage, bool, error) {
	wanted := r.query.Offset + r.query.Limit
	passages := make([]corpus.Passage, 0, min(r.query.Limit, len(r.candidates)))
	rank, next := 0, 0
	for rank < wanted && next < len(r.candidates) {
		batch := r.candidates[next:min(next+wanted-rank, len(r.candidates))]
		if err := r.read(ctx, batch); err != nil {
			return nil, false, err
		}
		for _, c := range batch {
			next++
			point, held := r.points[c.hit.ID]
			if !held {
				continue
			}
			if rank++; rank > r.query.Offset {
				passages = append(passages, r.passage(rank, c, point))
			}
		}
	}
	if err := r.cover(ctx, passages); err != nil {
		return nil, false, err
	}
	if err := neighbours(ctx, r.deps.Store, passages, r.query.Neighbours); err != nil {
		return nil, false, err
	}
	return passages, next < len(r.candidates), nil
}

// read fetches the points of the batch that are not at hand yet.
func (r *run) read(ctx context.Context, batch []candidate) error {
	if r.points == nil {
		r.points = make(map[corpus.ChunkID]store.Point, len(batch))
	}
	var ids []corpus.ChunkID
	for _, c := range batch {
		if _, held := r.points[c.hit.ID]; !held {
			ids = append(ids, c.hit.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	with := store.WithText | store.WithDocument
	if r.lexical {
		with |= store.WithSparse // for the coverage
	}
	points, err := r.deps.Store.Chunks(ctx, ids, with)
	if err != nil {
		return fmt.Errorf("read %d passages: %w", len(ids), err)
	}
	for _, p := range points {
		r.points[p.Chunk.ID] = p
	}
	return nil
}

func (r *run) passage(rank int, c candidate, point store.Point) corpus.Passage {
	p := corpus.Passage{Rank: rank, Chunk: point.Chunk, Scores: c.scores}
	if point.Document != nil {
		p.Document = *point.Document
	}
	p.Scores.Fused = float32(c.final)
	if r.query.Debug {
		r.question.Hear(r.deps.Analyzer, point.Chunk.Text)
	}
	p.Highlights = r.deps.Analyzer.Highlights(point.Chunk.Text, func(t lexical.Term) bool { return r.question.Matches(t) })
	return p
}

// cover fills in the winners' coverage; those that were read for refinement are
// asked for their sparse vectors now. One that has gone meanwhile has none.
func (r *run) cover(ctx context.Context, passages []corpus.Passage) error {
	if !r.lexical || len(passages) == 0 {
		return nil
	}
	words := make(map[corpus.ChunkID]corpus.Sparse, len(passages))
	var ids []corpus.ChunkID
	for _, p := range passages {
		if sparse := r.points[p.Chunk.ID].Sparse; sparse.Dimensions != nil {
			words[p.Chunk.ID] = sparse
		} else {
			ids = append(ids, p.Chunk.ID)
		}
	}
	if len(ids) > 0 {
		points, err := r.deps.Store.Chunks(ctx, ids, store.WithSparse)
		if err != nil {
			return fmt.Errorf("read the words of %d passages: %w", len(ids), err)
		}
		for _, p := range points {
			words[p.Chunk.ID] = p.Sparse
		}
	}
	for i := range passages {
		if sparse, held := words[passages[i].Chunk.ID]; held {
			coverage := r.question.Coverage(sparse)
			passages[i].Scores.Coverage = &coverage
		}
	}
	return nil
}

// Passages reads passages by id, in the order asked, with up to n neighbours
// on each side. Ids that are gone are left out; there are no scores.
func (s *Searcher) Passages(ctx context.Context, ids []corpus.ChunkID, n int) ([]corpus.Passage, error) {
	if n < 0 || n > maxNeighbours {
		return nil, corpus.Invalid("neighbours", fmt.Sprintf("must be 0 to %d, is %d", maxNeighbours, n))
	}
	points, err := s.deps.Store.Chunks(ctx, ids, store.WithText|store.WithDocument)
	if err != nil {
		return nil, fmt.Errorf("read %d passages: %w", len(ids), err)
	}
	passages := make([]corpus.Passage, len(points))
	for i, p := range points {
		passages[i] = corpus.Passage{Rank: i + 1, Chunk: p.Chunk}
		if p.Document != nil {
			passages[i].Document = *p.Document
		}
	}
	return passages, neighbours(ctx, s.deps.Store, passages, n)
}

// neighbours fills in up to n chunks on each side of every passage, in one
// call: their ids follow from the passage's own.
func neighbours(ctx context.Context, reader store.Reader, passages []corpus.Passage, n int) error {
	if n == 0 || len(passages) == 0 {
		return nil
	}
	var ids []corpus.ChunkID
	seen := map[corpus.ChunkID]bool{}
	each := func(c corpus.Chunk, yield func(corpus.ChunkID, int)) {
		for ordinal := max(c.Ordinal-n, 0); ordinal <= c.Ordinal+n; ordinal++ {
			if ordinal != c.Ordinal {
				yield(corpus.NewChunkID(c.DocumentID, c.Revision, ordinal), ordinal)
			}
		}
	}
	for _, p := range passages {
		each(p.Chunk, func(id corpus.ChunkID, _ int) {
			if !seen[id] {
				seen[id] = true
				ids = append(ids, id)
			}
		})
	}
	points, err := reader.Chunks(ctx, ids, store.WithText)
	if err != nil {
		return fmt.Errorf("read neighbours: %w", err)
	}
	held := make(map[corpus.ChunkID]corpus.Chunk, len(points))
	for _, p := range points {
		held[p.Chunk.ID] = p.Chunk
	}
	for i := range passages {
		p := &passages[i]
		each(p.Chunk, func(id corpus.ChunkID, ordinal int) {
			chunk, ok := held[id]
			switch {
			case !ok: // before the first or behind the last
			case ordinal < p.Chunk.Ordinal:
				p.Before = append(p.Before, chunk)
			default:
				p.After = append(p.After, chunk)
			}
		})
	}
	return nil
}
