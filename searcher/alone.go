package searcher

import (
	"context"
	"slices"

	"dalil/conversation"
	"dalil/corpus"
	"dalil/store"
)

// searchAlone searches for the question without its conversation, and compares what it finds with the cited documents.
// The result is kept for [run.collect]. It returns nil if there is nothing to compare or the search failed.
func (r *run) searchAlone(ctx context.Context) *conversation.Found {
	if len(r.citedDocuments) == 0 || !r.lexical || r.demands.any() {
		return nil
	}
	arms, kinds := r.arms()
	r.clock.lap(corpus.StageConversation)
	found, err := r.deps.Store.Search(ctx, arms)
	r.clock.lap(corpus.StageStore)
	if err != nil || len(found) != len(arms) {
		return nil // the search for the candidates returns the error
	}
	if r.time == nil { // otherwise it is also searched in that time
		r.alone = found
	}
	var f conversation.Found
	for i, kind := range kinds {
		switch {
		case kind == corpus.Lexical:
			for _, p := range r.past.Cited {
				f.CitedLexical = max(f.CitedLexical, conversation.LexicalScore(r.question.Sparse, p.Sparse, r.vocabulary))
			}
			f.Lexical, f.CitedLexical = r.highest(found[i], f.CitedLexical)
		case r.past.CitedSimilarity != nil:
			best, cited := r.highest(found[i], *r.past.CitedSimilarity)
			f.Dense, f.CitedDense = &best, &cited
		}
	}
	return &f
}

// highest returns the highest score of an arm, and that of the cited documents. cited is that of the cited passages.
func (r *run) highest(hits []store.Hit, cited float64) (best, ofCited float64) {
	best = cited
	for i := range hits {
		score := float64(hits[i].Score)
		best = max(best, score)
		if score > cited && slices.Contains(r.citedDocuments, hits[i].DocumentID) {
			cited = score
		}
	}
	return best, cited
}
