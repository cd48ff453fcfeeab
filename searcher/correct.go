package searcher

import (
	"context"

	"dalil/corpus"
)

// correct adds the learned ranker's correction to the linear score, and orders the
// best candidates by the sum. A request that sets weights, leaves an arm out or
// fuses ranks gets the linear score alone.
func (r *run) correct(_ context.Context, candidates []candidate) ([]candidate, error) {
	best := r.best(candidates)
	if !r.learned(best) {
		return candidates, nil
	}
	for i := range best {
		c := &best[i]
		c.final = float64(c.features[featureFused]) + float64(r.options.Ranker.Score(c.features[:]))
	}
	sortCandidates(best)
	below(best, candidates[len(best):])
	return candidates, nil
}

// learned reports whether the candidates are of the kind that the ranker was
// trained on: scored by both arms and by the reranker.
func (r *run) learned(best []candidate) bool {
	f := r.query.Fusion
	return r.options.Ranker != nil && r.lexical && r.vector != nil && f.Method == corpus.Mix && f.DenseWeight == nil && f.LexicalWeight == nil &&
		len(best) > 0 && best[0].scores.Rerank != nil
}
