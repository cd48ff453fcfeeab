package searcher

import (
	"context"
	"fmt"

	"dalil/corpus"
	"dalil/lexical"
	"dalil/store"
)

// page reads the passages of the page. A chunk that was deleted between the search
// and this read is skipped, and the next candidate takes its place. So a page is
// short only if there are no more candidates.
func (r *run) page(ctx context.Context) ([]corpus.Passage, bool, error) {
	wanted := r.query.Offset + r.query.Limit
	passages := make([]corpus.Passage, 0, min(r.query.Limit, len(r.candidates)))
	rank, next := 0, 0
	for rank < wanted && next < len(r.candidates) {
		batch := r.candidates[next:min(next+wanted-rank, len(r.candidates))]
		if err := r.profile(ctx, batch); err != nil {
			return nil, false, err
		}
		if err := r.readCandidates(ctx, batch); err != nil {
			return nil, false, err
		}
		for _, c := range batch {
			next++
			point, held := r.points[c.hit.ID]
			if !held || c.profile == nil {
				continue
			}
			if rank++; rank > r.query.Offset {
				passages = append(passages, r.passage(rank, c, point))
			}
		}
	}
	if err := neighbours(ctx, r.deps.Store, passages, r.query.Neighbours); err != nil {
		return nil, false, err
	}
	return passages, next < len(r.candidates), nil
}

func (r *run) passage(rank int, c candidate, point store.Point) corpus.Passage {
	p := corpus.Passage{Rank: rank, Chunk: point.Chunk, Scores: c.scores}
	if point.Document != nil {
		p.Document = *point.Document
	}
	p.Scores.Fused = float32(c.final)
	if r.query.Debug && c.scores.Rerank != nil {
		p.Features = r.explain(&c)
	}
	var m lexical.Match
	if c.places == nil {
		r.question.Match(c.profile.words, &m)
		c.places = m.Places
	}
	if r.lexical && p.Scores.Coverage == nil {
		coverage := r.question.CoverageOf(m.Held)
		p.Scores.Coverage = &coverage
	}
	if r.query.Debug {
		r.question.Hear(r.deps.Analyzer, point.Chunk.Text)
	}
	p.Highlights = c.profile.words.Highlights(point.Chunk.Text, c.places)
	return p
}

// Passages reads passages by id, in the order of ids, with up to n neighbours on
// each side. Ids that no longer exist are left out. The passages have no scores.
func (s *Searcher) Passages(ctx context.Context, ids []corpus.ChunkID, n int) ([]corpus.Passage, error) {
	if n < 0 || n > corpus.MaxNeighbours {
		return nil, &corpus.InvalidError{Violations: []corpus.Violation{corpus.Outside("neighbours", fmt.Sprintf("0 to %d", corpus.MaxNeighbours), fmt.Sprint(n))}}
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
