package searcher

import (
	"context"
	"fmt"
	"slices"

	"dalil/corpus"
	"dalil/lexical"
	"dalil/store"
)

// scored scores the document's passages in each arm, whatever their ranks, and finds
// the rank of the best.
func (w *why) scored(ctx context.Context) ([]corpus.ExplainedArm, error) {
	arms, kinds := w.arms()
	explained := map[corpus.Arm]*corpus.ExplainedArm{}
	w.best = map[corpus.Arm]store.Hit{}
	deep := make([]store.ArmQuery, len(arms))
	for i := range arms {
		arms[i].Min = nil
		deep[i] = arms[i]
		deep[i].Limit = whyDepth
		explained[kinds[i]] = &corpus.ExplainedArm{Arm: kinds[i], Searched: whyDepth}
	}
	found, err := w.deps.Store.Search(ctx, deep)
	if err != nil {
		return nil, fmt.Errorf("search for the document's rank: %w", err)
	}
	for i, hits := range found {
		e := explained[kinds[i]]
		if len(hits) >= w.depth {
			e.Last = &hits[w.depth-1].Score
		}
		e.Rank = 1 + slices.IndexFunc(hits, func(h store.Hit) bool { return h.DocumentID == w.record.Document.ID })
	}
	for from := 0; from < w.record.Chunks; from += whyBatch {
		ids := make([]corpus.ChunkID, 0, whyBatch)
		for i := from; i < min(from+whyBatch, w.record.Chunks); i++ {
			ids = append(ids, w.record.ChunkID(i))
		}
		asked := slices.Clone(arms)
		for i := range asked {
			asked[i].IDs, asked[i].Limit = ids, 1
		}
		found, err := w.deps.Store.Search(ctx, asked)
		if err != nil {
			return nil, fmt.Errorf("score the document: %w", err)
		}
		for i, hits := range found {
			if best, known := w.best[kinds[i]]; len(hits) > 0 && (!known || hits[0].Score > best.Score) {
				w.best[kinds[i]] = hits[0]
			}
		}
	}
	all := make([]corpus.ExplainedArm, 0, 2)
	for _, kind := range []corpus.Arm{corpus.Dense, corpus.Lexical} {
		e := explained[kind]
		switch {
		case e == nil && slices.Contains(w.degraded, kind):
			e = &corpus.ExplainedArm{Arm: kind, Cause: corpus.ArmFailed}
		case e == nil:
			e = &corpus.ExplainedArm{Arm: kind, Cause: corpus.ArmNotUsed}
		}
		if best, scored := w.best[kind]; scored {
			e.Score = &best.Score
		}
		all = append(all, *e)
	}
	return all, w.thresholds(ctx, all)
}

// thresholds adds those of the query, and the coverage that one of them is compared with.
func (w *why) thresholds(ctx context.Context, arms []corpus.ExplainedArm) error {
	arms[0].Threshold, arms[1].Threshold = w.query.MinDense, w.query.MinCoverage
	best, scored := w.best[corpus.Lexical]
	if !scored {
		return nil
	}
	profiles, err := w.profilesOf(ctx, []corpus.ChunkID{best.ID})
	if err != nil {
		return fmt.Errorf("read the document's best passage: %w", err)
	}
	if p := profiles[0]; p != nil {
		var m lexical.Match
		w.question.Match(p.words, &m)
		coverage := w.question.CoverageOf(m.Held)
		arms[1].Coverage = &coverage
	}
	return nil
}

// setArms says what each arm did with the document.
func (w *why) setArms(arms []corpus.ExplainedArm) {
	for i := range arms {
		a := &arms[i]
		value := a.Score
		if a.Arm == corpus.Lexical {
			value = a.Coverage
		}
		found := slices.ContainsFunc(w.trace.ranked, func(c candidate) bool {
			return a.Arm == corpus.Dense && c.scores.DenseRank > 0 || a.Arm == corpus.Lexical && c.scores.LexicalRank > 0
		})
		switch {
		case a.Cause != 0:
		case found:
			a.Cause = corpus.ArmFound
		case a.Score == nil:
			a.Cause = corpus.ArmNoMatch
		case a.Rank > 0 && a.Rank <= w.depth && a.Threshold != nil && value != nil && *value < *a.Threshold:
			a.Cause = corpus.ArmThreshold
		default:
			a.Cause = corpus.ArmDepth
		}
	}
}

// causeOf returns why the arms found no passage of the document.
func causeOf(arms []corpus.ExplainedArm) corpus.ExplainCause {
	has := func(cause corpus.ArmCause) bool {
		return slices.ContainsFunc(arms, func(a corpus.ExplainedArm) bool { return a.Cause == cause })
	}
	switch {
	case has(corpus.ArmThreshold):
		return corpus.CauseThreshold
	case has(corpus.ArmDepth):
		return corpus.CauseDepth
	case has(corpus.ArmNoMatch):
		return corpus.CauseNoWords
	}
	return corpus.CauseOldRevision // it was a candidate a moment ago
}
