package searcher

import "context"

// cover works out how much of the question each of the best candidates holds.
func (r *run) cover(_ context.Context, candidates []candidate) ([]candidate, error) {
	if !r.lexical {
		return candidates, nil
	}
	best := r.best(candidates)
	for i := range best {
		if point, held := r.points[best[i].hit.ID]; held {
			best[i].held = r.question.Held(point.Sparse)
			coverage := r.question.CoverageOf(best[i].held)
			best[i].scores.Coverage = &coverage
		}
	}
	return candidates, nil
}
