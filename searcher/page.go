package searcher

import (
	"context"
	"fmt"
	"slices"

	"dalil/corpus"
	"dalil/lexical"
	"dalil/searcher/snippet"
	"dalil/store"
)

// page reads the passages of the page, or of the groups of the page. A chunk that is gone since the search is
// skipped, and the next candidate takes its place. So a page is short only if there
// are no more candidates. [run.find] searches again then, as often as it may.
func (r *run) page(ctx context.Context) ([]corpus.Passage, bool, error) {
	wanted := r.query.Offset + r.query.Limit
	passages := make([]corpus.Passage, 0, min(r.query.Limit, len(r.candidates)))
	matches := make([]wordMatches, 0, cap(passages))
	rank, listed, next, group := 0, 0, 0, -1 // listed counts passages, or groups
	for listed < wanted && next < len(r.candidates) {
		batch := r.candidates[next:r.reach(next, wanted-listed)]
		points, err := r.fill(ctx, batch)
		if err != nil {
			return nil, false, err
		}
		for _, c := range batch {
			next++
			point, held := points[c.hit.ID]
			edited := held && point.Document != nil && !r.query.Filter.Match(point.Document) // since it was found
			if !held || edited || c.profile == nil && r.query.View != corpus.IDsView {
				r.vanished = true
				continue
			}
			if r.query.PerDocument == 0 || c.group != group {
				listed, group = listed+1, c.group
			}
			if rank++; listed > r.query.Offset {
				p, m := r.passage(ctx, rank, c, point)
				passages, matches = append(passages, p), append(matches, m)
			}
		}
	}
	if r.query.View == corpus.FullView || r.query.View == corpus.SnippetView {
		if err := r.excerpt(ctx, passages, matches); err != nil {
			return nil, false, err
		}
	}
	if r.query.View == corpus.IDsView || r.query.View == corpus.SnippetView {
		return passages, next < len(r.candidates), nil
	}
	vanished, err := neighbours(ctx, r.deps.Store, passages, r.query.Neighbours)
	r.vanished = r.vanished || vanished
	return passages, next < len(r.candidates), err
}

// fill reads what the view needs of the candidates. Ids alone need to know which
// passages are still there, and no text.
func (r *run) fill(ctx context.Context, batch []candidate) (map[corpus.ChunkID]store.Point, error) {
	if r.query.View != corpus.IDsView {
		if err := r.profile(ctx, batch); err != nil {
			return nil, err
		}
		return r.points, r.readCandidates(ctx, batch)
	}
	if err := r.keptProfiles(ctx, batch); err != nil {
		return nil, err
	}
	ids := make([]corpus.ChunkID, len(batch))
	for i := range batch {
		ids[i] = batch[i].hit.ID
	}
	there, err := r.deps.Store.Chunks(ctx, ids, 0)
	if err != nil {
		return nil, fmt.Errorf("look for %d passages: %w", len(ids), err)
	}
	points := make(map[corpus.ChunkID]store.Point, len(there))
	for _, p := range there {
		points[p.Chunk.ID] = p
	}
	return points, nil
}

func (r *run) passage(ctx context.Context, rank int, c candidate, point store.Point) (corpus.Passage, wordMatches) {
	p := corpus.Passage{Rank: rank, Chunk: point.Chunk, Scores: c.scores}
	if point.Document != nil {
		p.Document = *point.Document
	}
	p.Scores.Fused, p.Duplicates = float32(c.final), r.duplicates[c.hit.ID]
	p.Relevance = r.relevance(ctx, &c)
	if r.query.Debug && c.scores.Rerank != nil {
		p.Features = r.explain(&c)
		p.Signs = r.signsOf(&c).named()
	}
	if c.profile == nil {
		return p, wordMatches{}
	}
	var held []float64
	if c.places == nil {
		m := &r.memory().one
		r.question.Match(c.profile.words, m)
		c.places, held = slices.Clone(m.Places), m.Held
	}
	if r.lexical && p.Scores.Coverage == nil {
		coverage := r.question.CoverageOf(held)
		p.Scores.Coverage = &coverage
	}
	if r.query.View == corpus.IDsView {
		return p, wordMatches{}
	}
	if r.query.Debug {
		r.question.ResolveSounds(r.deps.Analyzer, point.Chunk.Text)
	}
	spans := c.profile.words.Spans(point.Chunk.Text, c.places)
	p.Highlights = lexical.HighlightsAt(point.Chunk.Text, c.places, spans)
	if r.query.View == corpus.TextView {
		p.Matches = r.weighed(c.places, spans)
		return p, wordMatches{}
	}
	return p, wordMatches{c.places, spans, c.profile.lengths}
}

// weighed are the question's words in a passage's text, with what each counts.
func (r *run) weighed(places []lexical.Place, spans []corpus.Span) []corpus.Match {
	var all float64
	for _, g := range r.question.Groups {
		all += g.IDF
	}
	if all == 0 {
		return nil
	}
	var matches []corpus.Match
	for i, p := range places {
		if spans[i].Len() > 0 { // it is not in the title
			matches = append(matches, corpus.Match{Span: spans[i], Word: p.Word, Weight: p.Share * float32(r.question.Groups[p.Word].IDF/all)})
		}
	}
	return matches
}

// Passages reads passages by id, in the order of ids, with up to n neighbours on
// each side in the full view. Ids that no longer exist are left out. The passages have
// no scores and no best sentence, and their snippet is their beginning.
func (s *Searcher) Passages(ctx context.Context, ids []corpus.ChunkID, n int, view corpus.View) ([]corpus.Passage, error) {
	if n < 0 || n > corpus.MaxNeighbours {
		return nil, &corpus.InvalidError{Violations: []corpus.Violation{corpus.Outside("neighbours", fmt.Sprintf("0 to %d", corpus.MaxNeighbours), fmt.Sprint(n))}}
	}
	for try := 1; ; try++ {
		passages, vanished, err := s.passages(ctx, ids, n, view)
		if err != nil || !vanished || try == searches {
			return passages, err
		}
	}
}

// passages reads the passages once. vanished: the document of one of them was
// replaced or deleted before its neighbours were read.
func (s *Searcher) passages(ctx context.Context, ids []corpus.ChunkID, n int, view corpus.View) (passages []corpus.Passage, vanished bool, err error) {
	with := store.WithText | store.WithDocument
	if view == corpus.IDsView {
		with = 0
	}
	points, err := s.deps.Store.Chunks(ctx, ids, with)
	if err != nil {
		return nil, false, fmt.Errorf("read %d passages: %w", len(ids), err)
	}
	passages = make([]corpus.Passage, len(points))
	for i, p := range points {
		passages[i] = corpus.Passage{Rank: i + 1, Chunk: p.Chunk}
		if p.Document != nil {
			passages[i].Document = *p.Document
		}
		if view == corpus.FullView || view == corpus.SnippetView {
			passages[i].Snippet = snippet.Cut(p.Chunk.Text, corpus.Span{}, nil, corpus.MaxSnippet)
		}
	}
	if view == corpus.IDsView || view == corpus.SnippetView {
		return passages, false, nil
	}
	vanished, err = neighbours(ctx, s.deps.Store, passages, n)
	return passages, vanished, err
}
