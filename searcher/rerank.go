package searcher

import (
	"context"

	"dalil/corpus"
)

// rerank has the Reranker score the texts of the best candidates. Where it
// fails, the other signals order them and the answer says so.
func (r *run) rerank(ctx context.Context, candidates []candidate) ([]candidate, error) {
	best := r.best(candidates)
	texts := make([]string, len(best))
	for i, c := range best {
		texts[i] = passageText(r.points[c.hit.ID])
	}
	scored, err := r.deps.Reranker.Rerank(ctx, r.query.Text, texts)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil || len(scored) != len(best) {
		r.degrade(corpus.StageRerank)
		return candidates, nil
	}
	for i := range best {
		best[i].scores.Rerank, best[i].sentence = &scored[i].Late, &scored[i].Sentence
	}
	return candidates, nil
}
