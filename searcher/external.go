package searcher

import (
	"context"
	"slices"
	"time"

	"dalil/corpus"
)

// External scores passages with a model in another process.
type External interface {
	// Scores returns one score for each text, in order. A higher score is better.
	Scores(ctx context.Context, query string, texts []string) ([]float32, error)
}

// externalWithin is the default timeout of the External.
const externalWithin = 2 * time.Second

// asksExternal reports whether the External orders the best candidates: if there is
// one, and the request does not turn reranking off.
func (r *run) asksExternal() bool {
	return r.deps.External != nil && len(r.candidates) > 1 && (r.query.Rerank == nil || *r.query.Rerank)
}

// external orders the best candidates by the scores of the External, after all
// other steps. If the External fails, or takes longer than its timeout or half of
// the caller's remaining time, the order does not change and the answer reports
// that.
func (r *run) external(ctx context.Context) error {
	if !r.asksExternal() {
		return nil
	}
	best := r.best(r.candidates)
	if err := r.readCandidates(ctx, best); err != nil {
		return err
	}
	texts := make([]string, len(best))
	for i, c := range best {
		texts[i] = passageText(r.points[c.hit.ID])
	}
	within := r.options.ExternalWithin
	if deadline, ok := ctx.Deadline(); ok {
		within = min(within, time.Until(deadline)/2)
	}
	asked, cancel := context.WithTimeout(ctx, within)
	scores, err := r.deps.External.Scores(asked, r.asked, texts)
	cancel()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil || len(scores) != len(best) {
		r.degrade(corpus.StageRerank)
	} else {
		r.orderBy(scores, best)
	}
	r.clock.lap(corpus.StageRerank)
	return nil
}

// orderBy orders the best candidates by their scores. Candidates with equal scores keep their order.
func (r *run) orderBy(scores []float32, best []candidate) {
	for i := range best {
		best[i].scores.Rerank, best[i].final = &scores[i], float64(scores[i])
	}
	slices.SortStableFunc(best, func(a, b candidate) int {
		switch {
		case a.final > b.final:
			return -1
		case a.final < b.final:
			return 1
		}
		return 0
	})
	below(best, r.candidates[len(best):])
}

// degrade records a stage that failed.
func (r *run) degrade(stage corpus.Stage) {
	if !slices.Contains(r.degradedStages, stage) {
		r.degradedStages = append(r.degradedStages, stage)
	}
}
