package embedder

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"

	"dalil/corpus"
)

// RetryOptions tune Retried; zero fields take the defaults.
type RetryOptions struct {
	Attempts int           // of one call, the first included; 0: 4
	First    time.Duration // longest wait before the second attempt; 0: 200 ms
	Most     time.Duration // longest wait before any; 0: 10 s
	// Budget is how many extra calls are allowed per call; under a lasting
	// failure this bounds the load that retries add. 0: 0.1.
	Budget float64
	// Within is how long a call is tried again by a provider that has answered
	// before, whatever Attempts and Budget say; 0: those decide.
	Within time.Duration
	// Outage is how long passages wait after the circuit opened; no person waits
	// for them. 0: 15 s.
	Outage time.Duration
}

// circuitLook is how often such a passage looks, at most.
const circuitLook = 500 * time.Millisecond

// Retried tries a call again that failed for want of the provider, and is the
// one place that does. Waits double from First to Most with full
// jitter (Brooker, "Exponential Backoff and Jitter", 2015); a provider's own
// Retry-After is honoured as the least wait, or, where that is long, ends the
// tries of a question. The budget is a bucket that each
// call fills by Budget and each retry empties by one.
func Retried(e Embedder, options RetryOptions) Embedder {
	if options.Attempts <= 0 {
		options.Attempts = 4
	}
	if options.First <= 0 {
		options.First = 200 * time.Millisecond
	}
	if options.Most <= 0 {
		options.Most = 10 * time.Second
	}
	if options.Budget <= 0 {
		options.Budget = 0.1
	}
	if options.Outage <= 0 {
		options.Outage = 15 * time.Second
	}
	return &retried{Embedder: e, options: options, bucket: bucketSize}
}

// bucketSize lets a quiet process ride out a short fault at full attempts.
const bucketSize = 10

// questionWait is how long a question waits for a provider that asks it to.
const questionWait = time.Second

type retried struct {
	Embedder
	options RetryOptions

	mu     sync.Mutex
	bucket float64
	known  bool      // the provider has answered
	open   time.Time // since when the circuit was seen to be open; zero: it is not
}

func (r *retried) Unwrap() Embedder { return r.Embedder }

func (r *retried) Embed(ctx context.Context, role Role, texts []string) (Embeddings, error) {
	r.earn()
	pauses := &pauses{ctx: ctx, role: role, jitter: backoff.ExponentialBackOff{
		// Full jitter: up to twice the interval.
		InitialInterval: r.options.First / 2, MaxInterval: r.options.Most / 2, Multiplier: 2, RandomizationFactor: 1,
	}}
	lasting := r.options.Within > 0 && r.earlier()
	tries, within := uint(r.options.Attempts), time.Duration(0)
	if lasting {
		tries, within = 0, r.options.Within
	}
	return backoff.Retry(ctx, func() (Embeddings, error) {
		answer, err := r.ask(ctx, role, texts)
		if err != nil && (!retryable(err, len(texts)) || ctx.Err() != nil || !lasting && !r.spend()) {
			return Embeddings{}, backoff.Permanent(err)
		}
		pauses.last = err
		return answer, err
	}, backoff.WithBackOff(pauses), backoff.WithMaxTries(tries), backoff.WithMaxElapsedTime(within))
}

// ask makes one call, and for passages waits for an open circuit to close.
func (r *retried) ask(ctx context.Context, role Role, texts []string) (Embeddings, error) {
	for {
		answer, err := r.Embedder.Embed(ctx, role, texts)
		if r.outage(err) < r.options.Outage && role == Passage && errors.Is(err, ErrCircuitOpen) && !Lasting(err) && sleep(ctx, rand.N(circuitLook)+circuitLook) == nil {
			continue // nothing was asked
		}
		return answer, err
	}
}

// pauses decides how long to wait before the next attempt, from jitter and from
// what the last error asks for. It stops when the answer would come too late.
type pauses struct {
	ctx    context.Context
	role   Role
	jitter backoff.ExponentialBackOff
	last   error
}

// Reset makes it a [backoff.BackOff].
func (p *pauses) Reset() { p.jitter.Reset() }

// NextBackOff makes it a [backoff.BackOff].
func (p *pauses) NextBackOff() time.Duration {
	pause := p.jitter.NextBackOff()
	var limited *LimitedError
	if errors.As(p.last, &limited) {
		pause = max(pause, limited.RetryAfter)
	}
	if p.role == Query && pause > questionWait {
		return backoff.Stop // somebody waits, who can have an answer by words
	}
	if deadline, ok := p.ctx.Deadline(); ok && time.Until(deadline) < pause {
		return backoff.Stop // it could not be used any more
	}
	return pause
}

// outage is how long the circuit has been open when a call ended so.
func (r *retried) outage(err error) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case err == nil:
		r.open, r.known = time.Time{}, true
	case errors.Is(err, ErrCircuitOpen) && r.open.IsZero():
		r.open = time.Now()
	}
	if r.open.IsZero() {
		return 0
	}
	return time.Since(r.open)
}

// earlier reports whether the provider has answered before.
func (r *retried) earlier() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.known
}

func (r *retried) earn() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.bucket = min(r.bucket+r.options.Budget, bucketSize)
}

func (r *retried) spend() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.bucket < 1 {
		return false
	}
	r.bucket--
	return true
}

// retryable reports whether the same call may succeed later: one text at fault
// stays at fault, an open circuit says itself when to come back, and a batch that
// the provider did not get through in time must be smaller next time.
func retryable(err error, texts int) bool {
	var text *TextError
	return !errors.As(err, &text) && !Lasting(err) && !errors.Is(err, ErrCircuitOpen) && !(texts > 1 && errors.Is(err, ErrTimeout)) &&
		(errors.Is(err, corpus.ErrUnavailable) || errors.Is(err, corpus.ErrExhausted))
}
