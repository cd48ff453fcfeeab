package training

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"dalil/corpus"
	"dalil/embedder"
)

// asking is one run of questions to a teacher.
type asking struct {
	*AskedTeacher
	most   atomic.Int64 // texts in one call, learned; 0: not known
	failed atomic.Bool  // a call has failed permanently

	mu            sync.Mutex // of what follows, and of the cache
	cache         *vectorCache
	answered      string // a text that the model has answered; "": none yet
	done, refused int
	start, last   time.Time
}

// all fills the cache. Every batch is in the file before the next one is asked
// for.
func (a *asking) all(ctx context.Context, texts []string, keys []uint64) error {
	a.o.Log.Info("asking the teacher", "model", a.e.Model().String(), "texts", len(texts), "known", len(a.cache.scales))
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var group errgroup.Group
	group.SetLimit(a.o.Workers)
	a.start = time.Now()
	a.last = a.start
	for from := 0; from < len(texts) && ctx.Err() == nil && !a.failed.Load(); from += a.o.Batch {
		to := min(from+a.o.Batch, len(texts))
		group.Go(func() error {
			vectors, err := a.answers(ctx, texts[from:to])
			if err = errors.Join(err, a.keep(keys[from:to], vectors, len(texts))); err != nil && !a.failed.Swap(true) {
				time.AfterFunc(grace, cancel)
			}
			return err
		})
	}
	return group.Wait()
}

// grace is how long the other calls under way may take when one has failed for
// good: what they answer is paid for.
const grace = 30 * time.Second

// keep writes what was answered, of a batch that failed too.
func (a *asking) keep(keys []uint64, vectors []corpus.Vector, all int) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	for i, v := range vectors {
		if v == nil {
			a.refused++
		}
		if err := a.cache.add(keys[i], v); err != nil {
			return err
		}
	}
	a.done += len(vectors)
	if time.Since(a.last) >= a.o.Every || a.done == all {
		a.last = time.Now()
		rate := float64(a.done) / time.Since(a.start).Seconds()
		a.o.Log.Info("taught", "texts", a.done, "of", all, "refused", a.refused, "per_second", math.Round(rate),
			"minutes_left", math.Round(float64(all-a.done)/rate/6)/10)
	}
	return a.cache.flush()
}

// answers gives a vector for each text, nil for one that the model does not take
// whole; where it fails, for the texts before that. A batch that is refused, or
// takes too long, is halved: the number that passes is the limit from then on.
func (a *asking) answers(ctx context.Context, texts []string) ([]corpus.Vector, error) {
	if most := int(a.most.Load()); most > 0 && most < len(texts) {
		return a.halves(ctx, texts, most)
	}
	answer, err := a.e.Embed(ctx, embedder.Passage, texts)
	switch {
	case err == nil:
		for _, i := range answer.Cut {
			answer.Vectors[i] = nil
		}
		a.mu.Lock()
		a.answered = texts[0]
		a.mu.Unlock()
		return answer.Vectors, nil
	case len(texts) > 1 && errors.Is(err, embedder.ErrTimeout):
		a.most.Store(int64(len(texts) / 2))
		return a.halves(ctx, texts, len(texts)/2)
	case !refusal(err):
		return nil, err
	case len(texts) == 1:
		return a.confirmed(ctx, texts, err)
	}
	vectors, failed := a.halves(ctx, texts, len(texts)/2)
	if failed == nil && !hasNil(vectors) { // there were too many
		a.most.Store(int64(len(texts) / 2))
	}
	return vectors, failed
}

func (a *asking) halves(ctx context.Context, texts []string, at int) ([]corpus.Vector, error) {
	left, err := a.answers(ctx, texts[:at])
	if err != nil {
		return left, err
	}
	right, err := a.answers(ctx, texts[at:])
	return append(left, right...), err
}

// confirmed asks once more for a text that was refused, after one that the model
// must answer: only what is wrong with the one text is a lasting refusal.
func (a *asking) confirmed(ctx context.Context, texts []string, why error) ([]corpus.Vector, error) {
	a.mu.Lock()
	control, known := a.answered, "that it answered before"
	a.mu.Unlock()
	if control == "" {
		control, known = "a", "as short as can be"
	}
	if _, err := a.e.Embed(ctx, embedder.Passage, []string{control}); err != nil {
		if !refusal(err) {
			return nil, err
		}
		return nil, fmt.Errorf("the teacher refuses a text %s, so it is not the texts; what it answered is in %s: %w", known, a.o.Cache, why)
	}
	answer, err := a.e.Embed(ctx, embedder.Passage, texts)
	switch {
	case err == nil && len(answer.Cut) == 0:
		return answer.Vectors, nil
	case err == nil || refusal(err):
		return []corpus.Vector{nil}, nil
	}
	return nil, err
}

func hasNil(vectors []corpus.Vector) bool {
	for _, v := range vectors {
		if v == nil {
			return true
		}
	}
	return false
}

// refusal reports whether the texts are at fault, as far as the model says.
func refusal(err error) bool {
	var text *embedder.TextError
	return errors.As(err, &text) || errors.Is(err, corpus.ErrInvalid)
}
