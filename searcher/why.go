package searcher

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"dalil/corpus"
	"dalil/store"
)

const (
	// whyDepth is how far each arm looks for the document's rank.
	whyDepth = 2000
	// whyBatch is how many passages of the document are scored in one call.
	whyBatch = 1000
)

// Explain says where a document is in the answer to a question, or at which step it
// was left out. It answers the question as Search does, and scores the document in
// each arm, whatever its rank. Its errors are those of Search.
func (s *Searcher) Explain(ctx context.Context, q corpus.Query, id string) (corpus.Explained, error) {
	q, err := checked(q)
	if err != nil {
		return corpus.Explained{}, err
	}
	if _, err := s.deps.Store.Settings(ctx); err != nil {
		return corpus.Explained{}, err
	}
	q.Offset, q.Neighbours, q.View, q.Facets, q.Debug = 0, 0, corpus.FullView, nil, true
	for n := 1; ; n++ {
		e, again, err := s.explainOnce(ctx, q, id)
		if err != nil || !again || n == searches {
			return e, err
		}
	}
}

// explainOnce answers the question once. again: the document was replaced meanwhile.
func (s *Searcher) explainOnce(ctx context.Context, q corpus.Query, id string) (e corpus.Explained, again bool, err error) {
	record, err := s.deps.Store.Document(ctx, id)
	if errors.Is(err, corpus.ErrNotFound) {
		return corpus.Explained{Cause: corpus.CauseNotIndexed}, false, nil
	}
	if err != nil {
		return e, false, fmt.Errorf("read document %q: %w", id, err)
	}
	if e, again, err = s.outside(ctx, &q, &record); err != nil || again || e.Cause != 0 {
		return e, again, err
	}
	r, err := s.newRun(q)
	if err != nil {
		return e, false, err
	}
	w := why{run: *r, record: record}
	w.trace = &trace{document: id}
	defer w.end()
	return w.explained(ctx)
}

// outside returns why no search can find the document; the zero cause: one can.
func (s *Searcher) outside(ctx context.Context, q *corpus.Query, record *store.Record) (e corpus.Explained, again bool, err error) {
	switch {
	case record.Expired:
		e.Cause = corpus.CauseExpired
	case record.Chunks == 0:
		e.Cause = corpus.CauseNoPassages
	default:
		first := []corpus.ChunkID{record.ChunkID(0)}
		hidden, err := s.deps.Store.Chunks(ctx, first, store.WithHidden)
		if err != nil {
			return e, false, fmt.Errorf("read the document's first passage: %w", err)
		}
		visible, err := s.deps.Store.Chunks(ctx, first, 0)
		if err != nil {
			return e, false, fmt.Errorf("read the document's first passage: %w", err)
		}
		switch {
		case len(hidden) == 0:
			return corpus.Explained{Cause: corpus.CauseOldRevision}, true, nil
		case len(visible) == 0:
			e.Cause = corpus.CauseNotVisible
		default:
			if e.Clause = q.Filter.Refusing(&record.Document); e.Clause != "" {
				e.Cause = corpus.CauseFilter
			}
		}
	}
	return e, false, nil
}

// why is the run of a question whose answer is explained.
type why struct {
	run
	record store.Record
	// best has the document's best passage in each arm, by the arm.
	best map[corpus.Arm]store.Hit
}

func (w *why) explained(ctx context.Context) (e corpus.Explained, again bool, err error) {
	if err := w.ask(ctx); err != nil {
		return e, false, err
	}
	e.Depth = w.depth
	if e.Arms, err = w.scored(ctx); err != nil {
		return e, false, err
	}
	for _, step := range []func(context.Context) error{w.seek, w.finish} {
		if err := step(ctx); err != nil {
			return e, false, err
		}
	}
	e.Candidates = w.found
	w.setArms(e.Arms)
	e.Passages = w.passages()
	switch {
	case len(e.Passages) > 0:
		first := w.first(e.Passages)
		e.Cause, e.Rank = e.Passages[first].Cause, e.Passages[first].Rank
		if e.Rank > 0 && w.query.PerDocument > 0 {
			e.Rank = w.candidates[e.Rank-1].group + 1
		}
		e.Beaten = w.better(e.Passages[first].ID)
	default:
		e.Cause = causeOf(e.Arms)
		if err := w.setExcluded(ctx, &e); err != nil {
			return e, false, err
		}
		for i := range e.Arms {
			if a := &e.Arms[i]; e.Cause == corpus.CauseExcluded && a.Cause == corpus.ArmDepth && a.Rank > 0 && a.Rank <= w.depth {
				a.Cause = corpus.ArmExcluded
			}
		}
	}
	if w.vanished || slices.ContainsFunc(w.candidates, func(c candidate) bool {
		return c.hit.DocumentID == w.record.Document.ID && c.hit.Revision != w.record.Revision
	}) {
		e.Cause, again = corpus.CauseOldRevision, true
	}
	if err := w.passageOf(ctx, &e); err != nil {
		return e, false, err
	}
	return e, again, nil
}

// passages returns what became of the passages that the arms found.
func (w *why) passages() []corpus.ExplainedPassage {
	all := make([]corpus.ExplainedPassage, len(w.trace.ranked))
	for i := range w.trace.ranked {
		id := w.trace.ranked[i].hit.ID
		all[i] = corpus.ExplainedPassage{ID: id, Cause: w.trace.left[id]}
		if all[i].Cause == 0 {
			all[i].Cause = corpus.CauseRanked
			all[i].Rank = 1 + slices.IndexFunc(w.candidates, func(c candidate) bool { return c.hit.ID == id })
		}
	}
	return all
}

// first returns the number of the passage that comes first in the answer, or, if none is
// in it, of the one that was ranked first.
func (w *why) first(passages []corpus.ExplainedPassage) int {
	first := 0
	for i, p := range passages {
		if p.Rank > 0 && (passages[first].Rank == 0 || p.Rank < passages[first].Rank) {
			first = i
		}
	}
	return first
}

// better returns the passage because of which a duplicate was left out; nil: it is none.
func (w *why) better(id corpus.ChunkID) *corpus.ChunkID {
	for kept, left := range w.duplicates {
		if slices.Contains(left, id) {
			return &kept
		}
	}
	return nil
}

// passageOf reads the document's best passage: the first of those in the answer, else
// the best of the ranking, else the best of an arm, else the document's first. It also says which of the
// question's words the passage has.
func (w *why) passageOf(ctx context.Context, e *corpus.Explained) error {
	best, found := candidate{}, false
	if len(e.Passages) > 0 {
		best, found = w.trace.ranked[w.first(e.Passages)], true
	}
	for _, kind := range []corpus.Arm{corpus.Dense, corpus.Lexical} {
		if hit, scored := w.best[kind]; scored && !found {
			best, found = candidate{hit: hit}, true
		}
	}
	if !found { // no arm scores any
		id := w.record.ChunkID(0)
		best.hit = store.Hit{ID: id, DocumentID: w.record.Document.ID, Revision: w.record.Revision}
	}
	for _, kind := range []corpus.Arm{corpus.Dense, corpus.Lexical} {
		if hit, scored := w.best[kind]; scored && hit.ID == best.hit.ID && best.score(kind) == nil {
			best.scored(kind, &hit.Score, 0)
		}
	}
	w.candidates, w.query.Offset, w.query.Limit, w.query.PerDocument = []candidate{best}, 0, 1, 0
	passages, _, err := w.page(ctx)
	if err != nil || len(passages) == 0 {
		return err
	}
	e.Passage = &passages[0]
	e.Passage.Rank = e.Rank
	e.Words = w.words(best.hit.ID)
	return nil
}
