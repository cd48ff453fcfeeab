package searcher

import (
	"context"

	"dalil/corpus"
)

// rerank scores the best candidates with the Reranker. If that fails, the other
// signals order them, and the answer reports it.
func (r *run) rerank(ctx context.Context, candidates []candidate) ([]candidate, error) {
	best := r.best(candidates)
	scored, err := r.reranked(ctx, best)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil || len(scored) != len(best) {
		r.degrade(corpus.StageRerank)
		return candidates, nil
	}
	nearest := r.nearest(scored)
	for i := range best {
		best[i].scores.Rerank, best[i].sentence = &scored[i].Late, &scored[i].Sentence
		best[i].nearest, best[i].together = nearest[i], scored[i].Together
	}
	if len(scored) > 0 {
		r.meaning, r.surprisal = r.perWord(&scored[0], scored[0].Lengths), r.perWord(&scored[0], scored[0].Surprisals)
	}
	return candidates, nil
}

// reranked scores profiles if the Reranker supports them, otherwise texts.
func (r *run) reranked(ctx context.Context, best []candidate) ([]Reranking, error) {
	if r.profiler.reranker != nil {
		profiles := make([][]byte, len(best))
		for i := range best {
			if p := best[i].profile; p != nil {
				profiles[i] = p.reranker
			}
		}
		rarity := func(word string) float64 { return r.deps.Expander.Rarity(word, r.vocabulary, &r.question) }
		return r.profiler.reranker.RerankProfiles(ctx, r.compared, profiles, rarity)
	}
	if err := r.readCandidates(ctx, best); err != nil {
		return nil, err
	}
	texts := make([]string, len(best))
	for i, c := range best {
		texts[i] = passageText(r.points[c.hit.ID])
	}
	return r.deps.Reranker.Rerank(ctx, r.compared, texts)
}
