package searcher

import (
	"context"

	"dalil/corpus"
)

// option is a step that a query asks for. It gets the ranked candidates, best first, and
// returns those that remain, in a new order.
type option struct {
	wanted func(*corpus.Query) bool
	apply  func(*run, context.Context, []candidate) ([]candidate, error)
	cause  corpus.ExplainCause // why a passage that it leaves out is not in the answer; 0: it leaves out none
}

// arrangement returns the optional steps after the ranking, in their order. They change
// neither the relevance of a passage nor the evidence of the answer.
var arrangement = []option{
	{func(q *corpus.Query) bool { return len(q.Facets) > 0 }, (*run).count, 0}, // counts the documents of all candidates
}

// arrange runs the steps that the query asks for.
func (r *run) arrange(ctx context.Context) error {
	r.verdict, r.found = r.evidence(), len(r.candidates)
	r.trace.begin(r.candidates)
	arranged := false
	for _, o := range arrangement {
		if !o.wanted(&r.query) {
			continue
		}
		arranged = true
		var err error
		if r.candidates, err = o.apply(r, ctx, r.candidates); err != nil {
			return err
		}
		r.trace.after(o.cause, r.candidates)
	}
	if arranged {
		r.clock.lap(corpus.StageArrange)
	}
	return nil
}

// idsOf returns the ids of candidates.
func idsOf(candidates []candidate) []corpus.ChunkID {
	ids := make([]corpus.ChunkID, len(candidates))
	for i := range candidates {
		ids[i] = candidates[i].hit.ID
	}
	return ids
}
