package embedder

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

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
	// Outage is how long passages wait from when the circuit opened, as nobody
	// waits for them; 0: 15 s.
	Outage time.Duration
}

// circuitLook is how often such a passage looks, at most.
const circuitLook = 500 * time.Millisecond

// Retried tries a call again that failed for want of the provider, and is the
// one place in the house that does. Waits double from First to Most with full
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

// patience is how long a question waits for a provider that asks it to.
const patience = time.Second

type retried struct {
	Embedder
	options RetryOptions

	mu     sync.Mutex
	bucket float64
	open   time.Time // since when the circuit was seen to be open; zero: it is not
}

func (r *retried) Unwrap() Embedder { return r.Embedder }

func (r *retried) Embed(ctx context.Context, role Role, texts []string) (Embeddings, error) {
	r.earn()
	wait := r.options.First
	for attempt := 1; ; attempt++ {
		answer, err := r.Embedder.Embed(ctx, role, texts)
		if r.outage(err) < r.options.Outage && role == Passage && errors.Is(err, ErrCircuitOpen) && sleep(ctx, rand.N(circuitLook)+circuitLook) == nil {
			attempt-- // nothing was asked
			continue
		}
		if err == nil || attempt >= r.options.Attempts || !retryable(err) || ctx.Err() != nil || !r.spend() {
			return answer, err
		}
		pause := rand.N(wait) + 1
		wait = min(2*wait, r.options.Most)
		var limited *LimitedError
		if errors.As(err, &limited) {
			pause = max(pause, limited.RetryAfter)
		}
		if role == Query && pause > patience {
			return answer, err // somebody waits, who can have an answer by words
		}
		if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < pause {
			return answer, err // it could not be used any more
		}
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return Embeddings{}, ctx.Err()
		case <-timer.C:
		}
	}
}

// outage is how long the circuit has been open when a call ended so.
func (r *retried) outage(err error) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case err == nil:
		r.open = time.Time{}
	case errors.Is(err, ErrCircuitOpen) && r.open.IsZero():
		r.open = time.Now()
	}
	if r.open.IsZero() {
		return 0
	}
	return time.Since(r.open)
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
// stays at fault, an open circuit says itself when to come back.
func retryable(err error) bool {
	var text *TextError
	return !errors.As(err, &text) && !errors.Is(err, ErrCircuitOpen) &&
		(errors.Is(err, corpus.ErrUnavailable) || errors.Is(err, corpus.ErrExhausted))
}
