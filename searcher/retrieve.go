package searcher

import (
	"context"
	"fmt"
	"slices"

	"dalil/corpus"
	"dalil/lexical"
	"dalil/store"
)

// candidate is one chunk that an arm found, with the results of the steps so far.
type candidate struct {
	hit    store.Hit
	scores corpus.Scores
	final  float64

	sentence *float32        // similarity of the question and the best sentence; nil: not scored
	profile  *profile        // nil: not made yet, or the passage was deleted
	held     []float64       // for each word of the question, the probability that the passage contains it; nil: not computed yet
	certain  []float64       // the same by how certain the forms are; nil like held
	places   []lexical.Place // of the question's words
	script   lexical.Script
	near     nearness
	features Features
	timely   bool      // its document was published in the time that the question names
	nearest  []float32 // similarity of the nearest word, for each word of the question; nil: not scored
	together float32   // late interaction with the best sentence
	fused    float32   // the weighted sum of all signals, before the learned ranker corrects it
	signs    *signed   // nil: not computed
	group    int       // number of its group, if the query groups
}

// retrieve finds the candidates.
func (r *run) retrieve(ctx context.Context) error {
	if r.demands.any() {
		return r.demanded(ctx)
	}
	return r.collect(ctx)
}

// collect runs all arms in one call and applies their thresholds. Each arm also scores
// the candidates that only the other one found, so that fusion compares actual scores of
// both arms.
func (r *run) collect(ctx context.Context) error {
	arms, kinds := r.arms()
	n := len(arms)
	for i, also := range r.timely(arms) {
		arms, kinds = append(arms, also), append(kinds, kinds[i])
	}
	found, err := r.alone, error(nil)
	if r.alone = nil; found == nil {
		found, err = r.deps.Store.Search(ctx, arms)
	}
	if err != nil {
		return fmt.Errorf("search %d arms: %w", len(arms), err)
	}
	if len(found) != len(arms) {
		return fmt.Errorf("search %d arms: the store returned results for %d", len(arms), len(found))
	}
	others := make([][]store.Hit, n)
	for i := range others {
		found[i], others[i] = own(found[i])
	}
	r.whole = len(r.degraded) == 0
	for i, kind := range kinds {
		r.whole = r.whole && (i >= n || len(found[i]) < arms[i].Limit)
		if kind == corpus.Dense && i < n && len(found[i]) > 0 {
			top := found[i][0].Score
			r.topDense = &top
		}
		if kind == corpus.Lexical && r.query.MinCoverage != nil {
			if found[i], err = r.covered(ctx, found[i], *r.query.MinCoverage); err != nil {
				return err
			}
		}
	}
	r.union(found, others, kinds)
	if n > 0 {
		err = r.markTimely(ctx, arms[0])
	}
	r.clock.lap(corpus.StageStore)
	return err
}

func (r *run) arms() (arms []store.ArmQuery, kinds []corpus.Arm) {
	if r.vector != nil {
		arms = append(arms, store.ArmQuery{
			Dense: r.vector, Limit: r.depth, Min: r.query.MinDense, Filter: r.query.Filter,
			Exact: r.query.Exact, Effort: r.query.Effort, IDs: r.demands.holding,
		})
		kinds = append(kinds, corpus.Dense)
	}
	if r.lexical {
		sparse := r.question.Sparse
		if sparse.Dimensions == nil {
			sparse.Dimensions = []uint32{} // a question that has only stop words finds nothing, but the lexical arm was used
		}
		arms = append(arms, store.ArmQuery{Sparse: sparse, Limit: r.depth, Filter: r.query.Filter, IDs: r.demands.holding})
		kinds = append(kinds, corpus.Lexical)
	}
	if len(arms) == 2 {
		arms[0].Union = true
		arms[1].Union = r.query.MinCoverage == nil // otherwise a score means that the passage has enough words
	}
	return arms, kinds
}

// own divides the hits of an arm into its own and those that only other arms found.
func own(hits []store.Hit) (own, others []store.Hit) {
	n := len(hits)
	for n > 0 && hits[n-1].Other {
		n--
	}
	return hits[:n], hits[n:]
}

// covered keeps the hits that contain at least the given share of the question.
func (r *run) covered(ctx context.Context, hits []store.Hit, least float32) ([]store.Hit, error) {
	ids := make([]corpus.ChunkID, len(hits))
	for i, h := range hits {
		ids[i] = h.ID
	}
	profiles, err := r.profilesOf(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("read %d candidates for coverage: %w", len(ids), err)
	}
	share := make(map[corpus.ChunkID]float32, len(profiles))
	var m lexical.Match
	for i, p := range profiles {
		if p != nil {
			r.question.Match(p.words, &m)
			share[ids[i]] = r.question.CoverageOf(m.Held)
		}
	}
	return slices.DeleteFunc(hits, func(h store.Hit) bool {
		c, held := share[h.ID]
		return !held || c < least
	}), nil
}

// union collects the hits of the arms, each chunk once. A write between the two
// arms may give them different revisions of a document; that of the first arm is
// used. The first arms also scored others that only other arms found. These scores, and
// those of the other lists, have no rank.
func (r *run) union(found, others [][]store.Hit, kinds []corpus.Arm) {
	n, most := len(others), 0
	for _, hits := range found {
		most += len(hits)
	}
	m := r.memory()
	m.chunks.reset(most)
	m.documents.reset(most)
	r.candidates = slices.Grow(*r.slabs.Get().(*[]candidate), most)
	for i, hits := range found {
		for rank := range hits {
			h := &hits[rank]
			p := m.chunks.find(&h.ID)
			if p.number == 0 {
				key := h.ID.Document()
				d := m.documents.find(&key)
				if d.number == 0 {
					*d = place{key, uint32(len(r.candidates) + 1)}
				} else if r.candidates[d.number-1].hit.ID.First() != h.ID.First() {
					continue
				}
				r.candidates = append(r.candidates, candidate{hit: *h})
				*p = place{h.ID, uint32(len(r.candidates))}
			}
			switch c := &r.candidates[p.number-1]; {
			case i < n:
				c.scored(kinds[i], &h.Score, rank+1)
			case c.score(kinds[i]) == nil:
				c.scored(kinds[i], &h.Score, 0)
			}
		}
	}
	for i, hits := range others {
		for j := range hits {
			h := &hits[j]
			if p := m.chunks.find(&h.ID); p.number > 0 {
				if c := &r.candidates[p.number-1]; c.score(kinds[i]) == nil {
					c.scored(kinds[i], &h.Score, 0)
				}
			}
		}
	}
}

func (c *candidate) scored(arm corpus.Arm, score *float32, rank int) {
	switch arm {
	case corpus.Dense:
		c.scores.Dense, c.scores.DenseRank = score, rank
	case corpus.Lexical:
		c.scores.Lexical, c.scores.LexicalRank = score, rank
	}
}

func (c *candidate) score(arm corpus.Arm) *float32 {
	if arm == corpus.Dense {
		return c.scores.Dense
	}
	return c.scores.Lexical
}
