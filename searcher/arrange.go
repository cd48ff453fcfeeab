package searcher

import (
	"context"
	"slices"

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
	{func(q *corpus.Query) bool { return len(q.Facets) > 0 }, (*run).count, 0},                         // counts the documents of all candidates
	{func(q *corpus.Query) bool { return q.Recency != nil && q.Recency.Weight > 0 }, (*run).recent, 0}, // raises new documents
	{func(q *corpus.Query) bool { return q.Collapse }, (*run).collapse, corpus.CauseDuplicate},         // leaves out duplicates of better passages
	{func(q *corpus.Query) bool { return q.Diversity > 0 }, (*run).diversify, 0},                       // lowers what resembles better passages
	{func(q *corpus.Query) bool { return q.Order != corpus.ByRelevance }, (*run).date, 0},              // orders by date
	{func(q *corpus.Query) bool { return q.PerDocument > 0 }, (*run).group, corpus.CauseDocumentLimit}, // puts the passages of a document together
}

// arrange runs the steps that the query asks for.
func (r *run) arrange(ctx context.Context) error {
	r.verdict, r.found = r.evidence(ctx), len(r.candidates)
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

// reorder returns the candidates with these numbers, in this order.
func (r *run) reorder(candidates []candidate, order []int) []candidate {
	ordered := slices.Grow(*r.slabs.Get().(*[]candidate), len(order))
	for _, i := range order {
		ordered = append(ordered, candidates[i])
	}
	clear(candidates)
	candidates = candidates[:0]
	r.slabs.Put(&candidates)
	return ordered
}

// idsOf returns the ids of candidates.
func idsOf(candidates []candidate) []corpus.ChunkID {
	ids := make([]corpus.ChunkID, len(candidates))
	for i := range candidates {
		ids[i] = candidates[i].hit.ID
	}
	return ids
}
