package searcher

import (
	"cmp"
	"context"
	"slices"

	"dalil/corpus"
)

// step is one step of the ranking. It gets the candidates, best first, and
// returns them in its own order.
type step struct {
	stage corpus.Stage // that its time counts to
	apply func(*run, context.Context, []candidate) ([]candidate, error)
}

// ranking lists the steps in their order.
var ranking = []step{
	{corpus.StageFuse, (*run).fuse},          // the arms' scores become one
	{corpus.StageRerank, (*run).profileBest}, // what is known of the texts of the best
	{corpus.StageRerank, (*run).rerank},      // the text against the question, word by word
	{corpus.StageRerank, (*run).match},       // the question's words in each one
	{corpus.StageRerank, (*run).cover},       // how much of the question each one holds
	{corpus.StageRerank, (*run).near},        // positions of those words
	{corpus.StageRerank, (*run).weigh},       // all signals become one
	{corpus.StageRerank, (*run).describe},    // inputs of the learned ranker
	{corpus.StageRerank, (*run).correct},     // the learned ranker
	{corpus.StageRerank, (*run).trust},       // dense scores of a model without measured weights
	{corpus.StageRerank, (*run).complete},    // all words of a short topic
	{corpus.StageRerank, (*run).prefer},      // the question's own language
}

// rank takes the candidates through the steps.
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

// best returns the head of the candidates that the steps behind fusion order
// among themselves; the rest keeps its order behind them.
func (r *run) best(candidates []candidate) []candidate {
	return candidates[:min(len(candidates), r.options.RerankDepth)]
}

// reranks reports whether the best candidates are scored once more: by default
// for a mix with the dense arm in it, on request for anything.
func (r *run) reranks(candidates []candidate) bool {
	if r.deps.Reranker == nil || len(candidates) < 2 {
		return false
	}
	if r.query.Rerank != nil {
		return *r.query.Rerank
	}
	return r.vector != nil && r.query.Fusion.Method == corpus.Mix
}

func sortCandidates(candidates []candidate) {
	slices.SortFunc(candidates, func(a, b candidate) int {
		if c := cmp.Compare(b.final, a.final); c != 0 {
			return c
		}
		return a.hit.ID.Compare(b.hit.ID)
	})
}
