package searcher

import (
	"context"

	"dalil/corpus"
)

// weigh orders the best candidates by the weighted sum of all signals.
func (r *run) weigh(_ context.Context, candidates []candidate) ([]candidate, error) {
	best := r.best(candidates)
	dense, lexical := r.armWeights()
	coverage := coverageWeight(len(r.question.Groups))
	if lexical == 0 { // the request does not use the lexical arm
		coverage = 0
	}
	m := r.memory()
	sums := m.mix(
		len(best),
		m.armSignal(best, corpus.Dense, dense), m.armSignal(best, corpus.Lexical, lexical),
		m.signalOf(best, r.options.Weights.Late, func(c *candidate) *float32 { return c.scores.Rerank }),
		m.signalOf(best, r.options.Weights.Sentence, func(c *candidate) *float32 { return c.sentence }),
		m.signalOf(best, coverage, func(c *candidate) *float32 { return c.scores.Coverage }),
	)
	for i := range best {
		best[i].final = sums[i]
	}
	sortCandidates(best)
	below(best, candidates[len(best):])
	return candidates, nil
}

// below shifts the scores of the other candidates, which have another scale, below
// those of the best.
func below(best, rest []candidate) {
	if len(rest) == 0 {
		return
	}
	shift := min(best[len(best)-1].final-rest[0].final, 0)
	for i := range rest {
		rest[i].final += shift
	}
}
