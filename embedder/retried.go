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

// RetryOptions has the settings of Retried. Zero fields have the defaults.
type RetryOptions struct {
	Attempts int           // number of attempts of one call, the first included; 0: 4
	First    time.Duration // longest wait before the second attempt; 0: 200 ms
	Most     time.Duration // longest wait before any; 0: 10 s
	// Budget is how many retries are allowed per call on average. During a lasting
	// failure it limits the load of retries. 0: 0.1.
	Budget float64
	// Within is how long a call is retried if the provider has answered before,
	// regardless of Attempts and Budget; 0: those apply.
	Within time.Duration
	// Outage is how long passages wait after the circuit opened, because no person
	// waits for them. 0: 15 s.
	Outage time.Duration
}

// circuitLook is the longest pause before such a passage is tried again.
const circuitLook = 500 * time.Millisecond

// Retried repeats calls that failed because of the provider. It is the only wrapper
// that does so. Waits double from First to Most with full jitter (Brooker,
// "Exponential Backoff and Jitter", 2015). Retry-After of the provider is the
// shortest wait; if it is long, a question is not retried. The budget is a bucket:
// each call adds Budget to it, and each retry removes one.
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

// bucketSize is large enough for a process with few calls to use all attempts during a short fault.
const bucketSize = 10

// questionWait is the longest Retry-After for which a question waits.
const questionWait = time.Second

type retried struct {
	Embedder
	options RetryOptions

	mu     sync.Mutex
	bucket float64
	known  bool      // the provider has answered
	open   time.Time // when the circuit was first observed to be open; zero: it is not open
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

// ask makes one call. For passages, it waits for an open circuit to close.
func (r *retried) ask(ctx context.Context, role Role, texts []string) (Embeddings, error) {
	for {
		answer, err := r.Embedder.Embed(ctx, role, texts)
		if r.outage(err) < r.options.Outage && role == Passage && errors.Is(err, ErrCircuitOpen) && !Lasting(err) && sleep(ctx, rand.N(circuitLook)+circuitLook) == nil {
			continue // no call was made
		}
		return answer, err
	}
}

// pauses chooses how long to wait before the next attempt, from the jitter and the
// last error. It stops if the answer would come too late.
type pauses struct {
	ctx    context.Context
	role   Role
	jitter backoff.ExponentialBackOff
	last   error
}

// Reset implements [backoff.BackOff].
func (p *pauses) Reset() { p.jitter.Reset() }

// NextBackOff implements [backoff.BackOff].
func (p *pauses) NextBackOff() time.Duration {
	pause := p.jitter.NextBackOff()
	var limited *LimitedError
	if errors.As(p.last, &limited) {
		pause = max(pause, limited.RetryAfter)
	}
	if p.role == Query && pause > questionWait {
		return backoff.Stop // a person waits, who can get an answer by words
	}
	if deadline, ok := p.ctx.Deadline(); ok && time.Until(deadline) < pause {
		return backoff.Stop // the answer would come too late
	}
	return pause
}

// outage returns how long the circuit has been open.
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

// retryable reports whether the same call may succeed later. A faulty text stays
// faulty, an open circuit has its own pause, and a batch that took too long must be
// smaller next time.
func retryable(err error, texts int) bool {
	var text *TextError
	return !errors.As(err, &text) && !Lasting(err) && !errors.Is(err, ErrCircuitOpen) && !(texts > 1 && errors.Is(err, ErrTimeout)) &&
		(errors.Is(err, corpus.ErrUnavailable) || errors.Is(err, corpus.ErrExhausted))
}
