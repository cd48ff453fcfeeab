package searcher

import (
	"context"

	"dalil/corpus"
)

// weigh orders the best candidates by all signals together.
func (r *run) weigh(_ context.Context, candidates []candidate) ([]candidate, error) {
	best := r.best(candidates)
	dense, lexical := r.armWeights()
	coverage := coverageWeight(len(r.question.Groups))
	if lexical == 0 { // the request leaves words out
		coverage = 0
	}
	sums := mix(
		len(best),
		armSignal(best, corpus.Dense, dense), armSignal(best, corpus.Lexical, lexical),
		signalOf(best, r.options.Weights.Late, func(c *candidate) *float32 { return c.scores.Rerank }),
		signalOf(best, r.options.Weights.Sentence, func(c *candidate) *float32 { return c.sentence }),
		signalOf(best, coverage, func(c *candidate) *float32 { return c.scores.Coverage }),
	)
	for i := range best {
		best[i].final = sums[i]
	}
	sortCandidates(best)
	below(best, candidates[len(best):])
	return candidates, nil
}

// below keeps the rest, which was scored on another scale, from showing a
// higher number than the best.
func below(best, rest []candidate) {
	if len(rest) == 0 {
		return
	}
	shift := min(best[len(best)-1].final-rest[0].final, 0)
	for i := range rest {
		rest[i].final += shift
	}
}
