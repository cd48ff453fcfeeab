package searcher

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"dalil/corpus"
	"dalil/embedder"
)

// SearchAll answers several queries, as Search answers each of them. The texts of
// all are embedded in one call. The queries are then answered by as many goroutines
// as there are processors. report gets the answer or the error of each query by its
// place in queries; its calls do not overlap, and their order is not defined. When
// ctx ends, the queries that are left get its error.
func (s *Searcher) SearchAll(ctx context.Context, queries []corpus.Query, report func(i int, a corpus.Answer, err error)) {
	b := &batch{Searcher: s, runs: make([]*run, len(queries)), errs: make([]error, len(queries)), answers: make([]corpus.Answer, len(queries))}
	b.each(func(i int) {
		b.attempt(i, func() (err error) {
			if b.runs[i], err = s.newRun(queries[i]); err != nil {
				return err
			}
			return b.runs[i].interpret(ctx)
		})
	})
	b.embed(ctx)
	done := make(chan int, len(queries))
	var answering errgroup.Group
	answering.Go(func() error {
		defer close(done)
		b.each(func(i int) {
			b.attempt(i, func() error { return b.answer(ctx, i) })
			done <- i
		})
		return nil
	})
	for i := range done {
		report(i, b.answers[i], b.errs[i])
		b.answers[i] = corpus.Answer{} // its memory is not needed any more
	}
	_ = answering.Wait()
}

// batch is the state of several queries that are answered together.
type batch struct {
	*Searcher
	runs    []*run
	errs    []error // why a query cannot be answered
	answers []corpus.Answer

	vectors [][]corpus.Vector // of the texts of each run; nil: it embeds them itself
	failed  error             // why nothing could be embedded
}

// each calls do for every query, with as many goroutines as there are processors,
// and waits for them.
func (b *batch) each(do func(i int)) {
	var next atomic.Int64
	var workers errgroup.Group
	for range min(runtime.GOMAXPROCS(0), len(b.runs)) {
		workers.Go(func() error {
			for i := int(next.Add(1)) - 1; i < len(b.runs); i = int(next.Add(1)) - 1 {
				do(i)
			}
			return nil
		})
	}
	_ = workers.Wait()
}

// attempt does a step of a query that has not failed yet. A panic fails that query
// alone.
func (b *batch) attempt(i int, do func() error) {
	if b.errs[i] != nil {
		return
	}
	defer func() {
		if cause := recover(); cause != nil {
			b.errs[i] = fmt.Errorf("query %d of a batch: panic: %v", i, cause)
		}
	}()
	b.errs[i] = do()
}

// embed embeds the texts of all queries in one call. If one of the texts is refused,
// every query embeds its own, so that only that query fails.
func (b *batch) embed(ctx context.Context) {
	var texts []string
	dispensable := true
	for i, r := range b.runs {
		if b.errs[i] == nil && r.wants(corpus.Dense) {
			texts = append(texts, r.texts()...)
			dispensable = dispensable && r.dispensable()
		}
	}
	b.vectors = make([][]corpus.Vector, len(b.runs))
	if len(texts) == 0 {
		return
	}
	within := ctx
	if dispensable {
		var cancel context.CancelFunc
		within, cancel = context.WithTimeout(ctx, embedShare(ctx))
		defer cancel()
	}
	began := time.Now()
	answer, err := b.deps.Embedder.Embed(within, embedder.Query, texts)
	spent := corpus.Timing{Stage: corpus.StageEmbed, Duration: time.Since(began)}
	if err != nil {
		var text *embedder.TextError
		if !errors.As(err, &text) && !errors.Is(err, corpus.ErrInvalid) {
			b.failed = err
		}
		return
	}
	vectors := answer.Vectors
	for i, r := range b.runs {
		if b.errs[i] == nil && r.wants(corpus.Dense) {
			n := len(r.texts())
			b.vectors[i], vectors = slices.Clip(vectors[:n]), vectors[n:]
			r.clock.laps = append(r.clock.laps, spent)
		}
	}
}

// answer answers one query of the batch.
func (b *batch) answer(ctx context.Context, i int) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	r := b.runs[i]
	b.runs[i] = nil
	defer r.end()
	r.clock.last = time.Now()
	if b.vectors[i] != nil || b.failed != nil && r.wants(corpus.Dense) {
		err = r.embedded(ctx, b.vectors[i], b.failed)
	} else {
		err = r.embed(ctx)
	}
	if err == nil {
		b.answers[i], err = r.answer(ctx)
	}
	return err
}
