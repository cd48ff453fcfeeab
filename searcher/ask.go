package searcher

import (
	"context"
	"fmt"
	"slices"
	"time"

	"dalil/corpus"
	"dalil/embedder"
)

// ask turns the question into the queries of the arms.
func (r *run) ask(ctx context.Context) error {
	wants := func(arm corpus.Arm) bool { return len(r.query.Arms) == 0 || slices.Contains(r.query.Arms, arm) }
	// Coverage needs the vocabulary too, so it is also read for a dense query.
	var err error
	if r.vocabulary, err = r.deps.Store.Vocabulary(ctx); err != nil {
		return fmt.Errorf("read the vocabulary: %w", err)
	}
	r.question = r.deps.Expander.Question(r.query.Text, r.vocabulary, r.query.Debug)
	r.asked = r.query.Text
	if len(r.query.History) > 0 {
		if r.past, err = r.readPast(ctx); err != nil {
			return err
		}
	}
	r.lexical = wants(corpus.Lexical)
	r.clock.lap(corpus.StageExpand)
	if !wants(corpus.Dense) {
		r.converse(nil)
		return nil
	}
	dispensable := r.lexical && !r.options.RequireAllArms
	within := ctx
	if dispensable {
		var cancel context.CancelFunc
		within, cancel = context.WithTimeout(ctx, embedShare(ctx))
		defer cancel()
	}
	answer, err := r.deps.Embedder.Embed(within, embedder.Query, append([]string{r.query.Text}, r.past.Questions...))
	r.clock.lap(corpus.StageEmbed)
	switch {
	case err == nil:
		r.converse(answer.Vectors)
	case dispensable && ctx.Err() == nil:
		r.degraded = append(r.degraded, corpus.Dense)
		r.converse(nil)
	default:
		return fmt.Errorf("embed the query: %w", err)
	}
	return nil
}

// embedMost is how long a question waits for its vector if words can answer it.
const embedMost = 3 * time.Second

// embedShare is the share of the remaining time for the vector. The rest is for the answer by words.
func embedShare(ctx context.Context) time.Duration {
	if deadline, ok := ctx.Deadline(); ok {
		return min(time.Until(deadline)/2, embedMost)
	}
	return embedMost
}
