package searcher

import (
	"cmp"
	"context"
	"math"
	"math/bits"
	"slices"

	"dalil/corpus"
)

// step is one step of the ranking. It gets the candidates in order, best first, and
// returns them in a new order.
type step struct {
	stage corpus.Stage // the stage to which its time is added
	apply func(*run, context.Context, []candidate) ([]candidate, error)
}

// ranking returns the steps in their order.
var ranking = []step{
	{corpus.StageFuse, (*run).fuse},          // combines the scores of the arms
	{corpus.StageRerank, (*run).profileBest}, // reads the profiles of the best
	{corpus.StageRerank, (*run).rerank},      // compares the text with the question, word by word
	{corpus.StageRerank, (*run).match},       // finds the question's words in each passage
	{corpus.StageRerank, (*run).cover},       // computes how much of the question each passage contains
	{corpus.StageRerank, (*run).near},        // compares the positions of those words
	{corpus.StageRerank, (*run).weigh},       // combines all signals
	{corpus.StageRerank, (*run).describe},    // computes the inputs of the learned ranker
	{corpus.StageRerank, (*run).correct},     // adds the correction of the learned ranker
	{corpus.StageRerank, (*run).trust},       // raises the weight of the dense scores of a model without measured weights
	{corpus.StageRerank, (*run).preferCited}, // in slight doubt, prefers what the conversation cites
	{corpus.StageRerank, (*run).complete},    // prefers passages with all words of a short topic
	{corpus.StageRerank, (*run).prefer},      // prefers passages in the question's language
	{corpus.StageRerank, (*run).translate},   // puts the translation of the first passage before it
	{corpus.StageRerank, (*run).observe},     // works out what the relevance is computed from
}

// rank runs the steps on the candidates.
func (r *run) rank(ctx context.Context) error {
	for i, s := range ranking {
		if s.stage == corpus.StageRerank && !r.reranks(r.candidates) {
			continue
		}
		var err error
		if r.candidates, err = s.apply(r, ctx, r.candidates); err != nil {
			return err
		}
		if i+1 == len(ranking) || ranking[i+1].stage != s.stage {
			r.clock.lap(s.stage)
		}
	}
	return nil
}

// best returns the first candidates, which the steps after fusion reorder. The
// others keep their order after them.
func (r *run) best(candidates []candidate) []candidate {
	return candidates[:min(len(candidates), r.rerankDepth)]
}

// reranks reports whether the best candidates are reranked: by default for a mix
// that includes the dense arm, and on request in any case.
func (r *run) reranks(candidates []candidate) bool { return len(candidates) > 0 && r.mayRerank() }

// mayRerank reports the same of candidates that are not known yet.
func (r *run) mayRerank() bool {
	if r.deps.Reranker == nil {
		return false
	}
	if r.query.Rerank != nil {
		return *r.query.Rerank
	}
	return r.vector != nil && r.query.Fusion.Method == corpus.Mix
}

// sortCandidates sorts by score, equal ones by id. It sorts numbers, of which the upper bits
// are the score and the lowest the place, then sorts again those whose scores differ in the
// lowest bits only, and then moves each candidate once, because a candidate is some hundred
// bytes.
func sortCandidates(candidates []candidate) {
	const moved = math.MaxUint64
	var room [256]uint64 // nearly always enough, and not on the heap
	keys := room[:0]
	place := uint64(1)<<bits.Len(uint(len(candidates))) - 1
	for i := range candidates {
		keys = append(keys, descending(candidates[i].final)&^place|uint64(i))
	}
	slices.Sort(keys)
	for from, to := 0, 0; from < len(keys); from = to {
		for to = from + 1; to < len(keys) && keys[to]&^place == keys[from]&^place; to++ {
		}
		if to-from > 1 {
			slices.SortFunc(keys[from:to], func(a, b uint64) int { return inOrder(&candidates[a&place], &candidates[b&place]) })
		}
	}
	for i := range keys { // follow each cycle of the permutation
		if keys[i] == moved {
			continue
		}
		first, at := candidates[i], i
		for {
			from := int(keys[at] & place)
			keys[at] = moved
			if from == i {
				candidates[at] = first
				break
			}
			candidates[at] = candidates[from]
			at = from
		}
	}
}

// descending returns a number that is lower for a higher score, and equal for equal ones.
// What is not a number is last.
func descending(score float64) uint64 {
	b := math.Float64bits(score + 0) // -0 becomes 0
	switch {
	case math.IsNaN(score):
		return math.MaxUint64
	case b>>63 == 0:
		return ^b &^ (1 << 63)
	}
	return b
}

// inOrder compares candidates by score, equal ones by id.
func inOrder(a, b *candidate) int {
	if c := cmp.Compare(b.final, a.final); c != 0 {
		return c
	}
	return a.hit.ID.Compare(b.hit.ID)
}
