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
	if err := r.interpret(ctx); err != nil {
		return err
	}
	return r.embed(ctx)
}

// interpret expands the question's words and reads the conversation before it.
func (r *run) interpret(ctx context.Context) error {
	// Coverage needs the vocabulary too, so it is also read for a dense query.
	var err error
	if r.vocabulary, err = r.deps.Store.Vocabulary(ctx); err != nil {
		return fmt.Errorf("read the vocabulary: %w", err)
	}
	r.question = r.deps.Expander.Question(r.query.Text, r.vocabulary, r.query.Debug)
	r.asked, r.compared = r.query.Text, r.query.Text
	r.readTime()
	r.clock.lap(corpus.StageExpand)
	if len(r.query.History) > 0 {
		if r.past, err = r.readPast(ctx); err != nil {
			return err
		}
		r.clock.lap(corpus.StageConversation)
	}
	r.lexical = r.wants(corpus.Lexical)
	return nil
}

// wants reports whether the request uses an arm.
func (r *run) wants(arm corpus.Arm) bool {
	return len(r.query.Arms) == 0 || slices.Contains(r.query.Arms, arm)
}

// texts are the texts whose vectors the question needs.
func (r *run) texts() []string { return append([]string{r.query.Text}, r.past.Questions...) }

// dispensable reports whether words can answer the question without its vector.
func (r *run) dispensable() bool { return r.lexical && !r.options.RequireAllArms }

// embed embeds the question, and those of the conversation.
func (r *run) embed(ctx context.Context) error {
	if !r.wants(corpus.Dense) {
		r.converse(ctx, nil)
		return nil
	}
	within := ctx
	if r.dispensable() {
		var cancel context.CancelFunc
		within, cancel = context.WithTimeout(ctx, embedShare(ctx))
		defer cancel()
	}
	answer, err := r.deps.Embedder.Embed(within, embedder.Query, r.texts())
	r.clock.lap(corpus.StageEmbed)
	return r.embedded(ctx, answer.Vectors, err)
}

// embedded takes the vectors of the texts, or the reason why there are none.
func (r *run) embedded(ctx context.Context, vectors []corpus.Vector, err error) error {
	switch {
	case err == nil:
		r.converse(ctx, vectors)
	case r.dispensable() && ctx.Err() == nil:
		r.degraded = append(r.degraded, corpus.Dense)
		r.converse(ctx, nil)
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
