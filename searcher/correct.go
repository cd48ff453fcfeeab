package searcher

import (
	"context"
	"slices"

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
	m := r.memory()
	m.columns = slices.Grow(m.columns[:0], (len(featureTable)+1)*len(best))[:(len(featureTable)+1)*len(best)]
	scores, columns := m.columns[:len(best)], m.columns[len(best):]
	for i := range best {
		for f, x := range best[i].features {
			columns[f*len(best)+i] = x
		}
	}
	r.options.Ranker.Scores(scores, columns)
	for i := range best {
		best[i].final = float64(best[i].features[featureFused]) + float64(scores[i])
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
