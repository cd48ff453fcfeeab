package searcher

import (
	"context"
	"time"

	"dalil/corpus"
)

const (
	// searches is how often a question searches at most. It searches again only if a
	// passage that it found was gone when it was read.
	searches = 6
	// pause is the wait before the second search. Each further wait is twice the
	// one before, because a slow disk may delay a writer in the middle of a write.
	pause = 5 * time.Millisecond
)

// find searches, ranks and arranges the candidates and reads the page. A writer may replace a
// document between the search and the reading. The passages that were found are gone
// then, and those of the new version were not found. So the whole search is done
// again, at most [searches] times in all, and only while the caller's deadline leaves
// time for it. Without that, a document that exists all the time would be missing
// from the answer. A document that was deleted is not found by the second search.
func (r *run) find(ctx context.Context) (passages []corpus.Passage, more bool, err error) {
	for n, wait := 1, pause; ; n, wait = n+1, 2*wait {
		began := time.Now()
		again := func() bool {
			return r.vanished && n < searches && leaves(ctx, time.Since(began)+wait)
		}
		if err = r.seek(ctx); err != nil {
			return nil, false, err
		}
		if !again() {
			if err = r.finish(ctx); err != nil {
				return nil, false, err
			}
			if passages, more, err = r.page(ctx); err != nil {
				return nil, false, err
			}
			r.clock.lap(corpus.StageHydrate)
			if !again() {
				return passages, more, nil
			}
		}
		select {
		case <-ctx.Done():
			return nil, false, ctx.Err()
		case <-time.After(wait):
		}
		r.forget()
	}
}

// seek finds and ranks the candidates.
func (r *run) seek(ctx context.Context) error {
	if err := r.retrieve(ctx); err != nil {
		return err
	}
	return r.rank(ctx)
}

// finish brings the ranked candidates into the order of the answer.
func (r *run) finish(ctx context.Context) error {
	if err := r.external(ctx); err != nil {
		return err
	}
	if r.reranks(r.candidates) || r.asksExternal() { // the scores of the fusion are gone
		r.raise(r.best(r.candidates))
	}
	return r.arrange(ctx)
}

// leaves reports whether the deadline leaves more time than d.
func leaves(ctx context.Context, d time.Duration) bool {
	deadline, ok := ctx.Deadline()
	return !ok || time.Until(deadline) > d
}

// forget drops what the last search found. What is known of the question stays.
func (r *run) forget() {
	r.end()
	r.candidates, r.points, r.kept, r.room, r.meaning, r.weighing = nil, nil, nil, nil, nil, nil
	r.numbers, r.names = askedNumbers{}, askedNames{}
	r.topDense, r.denseTrust, r.degradedStages, r.vanished = nil, 0, nil, false
	r.facets, r.duplicates = nil, nil
}
