package embedder

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"dalil/corpus"
)

// LimitOptions has the limits of a provider. Zero fields: unlimited, until the
// provider refuses.
type LimitOptions struct {
	Requests int // a minute
	Tokens   int // a minute
}

// Limited keeps all callers together within the provider's limits. It has one token
// bucket for calls and one for tokens. Tokens are counted by the model's own
// counter, or else estimated and corrected by what the provider bills. After a
// refusal (429), all callers wait as long as it demands, and the rate falls to what
// the provider accepted before. Without another refusal, the rate rises by a
// quarter every half minute. Questions do not wait for the indexer's passages;
// passages wait instead. If questions alone are a second ahead of the rate, further
// questions are refused.
func Limited(e Embedder, options LimitOptions) Embedder {
	l := &limited{Embedder: e, count: tokensOf(e), full: perMinute(options.Requests), billed: 1}
	l.requests = rate.NewLimiter(l.full, burst(options.Requests))
	l.tokens = rate.NewLimiter(perMinute(options.Tokens), burst(options.Tokens))
	l.questions = rate.NewLimiter(l.full, burst(options.Requests))
	return l
}

type limited struct {
	Embedder
	count    func(string) int
	full     rate.Limit // as configured
	requests *rate.Limiter
	tokens   *rate.Limiter
	// questions limits by how much questions can delay passages.
	questions *rate.Limiter

	mu      sync.Mutex
	billed  float64   // tokens billed for one estimated
	held    time.Time // no call starts before this time
	hold    time.Duration
	through passed
	changed time.Time // when the rate was
}

const (
	firstHold   = time.Second // the pause after a refusal that does not say how long
	longestHold = time.Minute
	raiseEvery  = 30 * time.Second
)

func perMinute(n int) rate.Limit {
	if n <= 0 {
		return rate.Inf
	}
	return rate.Limit(float64(n) / 60)
}

// burst is how much may be sent at once, because providers count in windows shorter
// than a minute.
func burst(n int) int { return max(1, n/10) }

func (l *limited) Unwrap() Embedder { return l.Embedder }

func (l *limited) Embed(ctx context.Context, role Role, texts []string) (Embeddings, error) {
	if len(texts) == 0 {
		return l.Embedder.Embed(ctx, role, texts)
	}
	estimated := l.estimate(texts)
	if err := l.admit(ctx, role, estimated); err != nil {
		return Embeddings{}, err
	}
	answer, err := l.Embedder.Embed(ctx, role, texts)
	var refusal *LimitedError
	switch {
	case errors.As(err, &refusal):
		l.slower(refusal.RetryAfter)
	case err == nil:
		l.learn(estimated, answer.Tokens)
	}
	return answer, err
}

func (l *limited) estimate(texts []string) int {
	n := 0
	for _, text := range texts {
		n += l.count(text)
	}
	return n
}

// admit waits until a call with so many tokens may be made.
func (l *limited) admit(ctx context.Context, role Role, estimated int) error {
	l.mu.Lock()
	wait := time.Until(l.held)
	tokens := int(math.Ceil(float64(estimated) * l.billed))
	l.mu.Unlock()
	if role == Query {
		if wait > 0 {
			return &LimitedError{RetryAfter: wait, Err: fmt.Errorf("%v asked callers to wait", l.Model())}
		}
		now := time.Now()
		if own := l.questions.ReserveN(now, 1); own.DelayFrom(now) > questionWait {
			wait := own.DelayFrom(now)
			own.CancelAt(now)
			return &LimitedError{RetryAfter: wait, Err: fmt.Errorf("%v is called as often as embedder.requests_per_minute allows", l.Model())}
		}
		l.requests.ReserveN(now, 1)
		l.tokens.ReserveN(now, min(tokens, l.tokens.Burst()))
		return nil
	}
	if err := sleep(ctx, wait); err != nil {
		return err
	}
	if err := l.requests.Wait(ctx); err != nil {
		return exhausted(ctx, err)
	}
	for tokens > 0 && l.tokens.Limit() != rate.Inf {
		part := min(tokens, l.tokens.Burst())
		if err := l.tokens.WaitN(ctx, part); err != nil {
			return exhausted(ctx, err)
		}
		tokens -= part
	}
	return nil
}

// exhausted returns an error if the wait would exceed the caller's deadline, and the
// context's error if the caller cancelled.
func exhausted(ctx context.Context, err error) error {
	if cause := ctx.Err(); cause != nil {
		return cause
	}
	return corpus.Errorf(corpus.ErrExhausted, "wait for embedder.requests_per_minute and embedder.tokens_per_minute: %w", corpus.Foreign(err))
}

func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < d {
		return corpus.Errorf(corpus.ErrExhausted, "the provider asks to wait %v, which is longer than the time until the deadline", d.Round(time.Millisecond))
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// slower lowers the rate after a 429. Refusals of calls that ran at the same time
// count as one.
func (l *limited) slower(after time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if now.Before(l.held) {
		l.held = latest(l.held, now.Add(after))
		return
	}
	l.hold = min(max(2*l.hold, firstHold), longestHold)
	if after <= 0 {
		after = l.hold
	}
	l.held, l.changed = now.Add(after), now
	l.requests.SetLimit(min(l.requests.Limit(), l.through.rate(l.held)))
	l.requests.SetBurst(1)
	l.through = passed{since: l.held}
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// learn updates the rates after an answered call.
func (l *limited) learn(estimated, billed int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	l.through.add(now)
	l.hold = 0
	if billed > 0 && estimated > 0 {
		l.billed += (float64(billed)/float64(estimated) - l.billed) / 8
	}
	if l.requests.Limit() < l.full && now.Sub(l.changed) > raiseEvery {
		l.requests.SetLimit(min(l.requests.Limit()*5/4, l.full))
		l.changed = now
	}
}

// passed counts answered calls in this minute and in the one before.
type passed struct {
	since       time.Time // when this minute began; zero: with the first call
	now, before int
	full        bool // before is a whole minute's
}

func (p *passed) add(at time.Time) {
	switch age := at.Sub(p.since); {
	case p.since.IsZero():
		p.since = at
	case age > 2*time.Minute:
		*p = passed{since: at}
	case age > time.Minute:
		*p = passed{since: p.since.Add(time.Minute), before: p.now, full: true}
	}
	p.now++
}

// rate returns how many calls a second there were until now.
func (p *passed) rate(end time.Time) rate.Limit {
	over := end.Sub(p.since)
	if p.since.IsZero() || over < time.Second {
		over = time.Second
	}
	if p.full {
		over += time.Minute
	}
	return rate.Limit(float64(max(p.now+p.before, 1)) / over.Seconds())
}
