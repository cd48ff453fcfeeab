package searcher

import (
	"context"

	"dalil/corpus"
)

// judged is how many of the best passages decide the evidence of an answer.
const judged = 10

// relevance is the probability that a candidate answers; nil: it was not computed.
func (r *run) relevance(ctx context.Context, c *candidate) *float32 {
	if r.options.Relevance == nil || c.signs == nil {
		return nil
	}
	if c.signs.relevance == nil {
		p := r.options.Relevance.Probability(r.signsOf(c)[:])
		if !r.numbers.in(c) {
			p = r.options.Relevance.Doubt(p)
		}
		if r.options.Relevance.Grade(p) == corpus.EvidenceSufficient && !r.hasNames(ctx, c) {
			p = r.options.Relevance.Doubt(p)
		}
		c.signs.relevance = &p
	}
	return c.signs.relevance
}

// evidence grades the whole answer by its best passage, whatever page is asked for.
// Where both arms answered and found nothing, nothing answers.
func (r *run) evidence(ctx context.Context) corpus.Evidence {
	if len(r.candidates) == 0 && len(r.degraded) == 0 && len(r.query.Arms) == 0 {
		return corpus.EvidenceNone
	}
	if r.options.Relevance == nil || len(r.degradedStages) > 0 {
		return corpus.EvidenceUnknown
	}
	best, known := r.mostRelevant(ctx)
	if !known {
		return corpus.EvidenceUnknown
	}
	return r.options.Relevance.Grade(best)
}

// mostRelevant returns the highest relevance among the best passages.
func (r *run) mostRelevant(ctx context.Context) (best float32, known bool) {
	for i := range r.candidates[:min(judged, len(r.candidates))] {
		if p := r.relevance(ctx, &r.candidates[i]); p != nil {
			best, known = max(best, *p), true
		}
	}
	return best, known
}
