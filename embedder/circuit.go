package embedder

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/sony/gobreaker/v2"

	"dalil/corpus"
)

// ErrCircuitOpen says that the provider has failed so often that it is not
// asked for a while. It comes with corpus.ErrUnavailable, or with corpus.ErrDenied
// where the last failure is [Lasting].
var ErrCircuitOpen = errors.New("circuit open")

// CircuitOptions tune Circuit; zero fields take the defaults.
type CircuitOptions struct {
	Failures int           // in a row that open the circuit; 0: 5
	Rest     time.Duration // how long it stays open before one call may try; 0: 5 s
	Changed  func(open bool)
}

// Circuit stops asking a provider that is down, so that queries degrade at
// once instead of waiting for a timeout each (Nygard, "Release It!", 2018).
// Only faults of the provider count: a text at fault, a limit and a caller that
// leaves don't open it.
func Circuit(e Embedder, options CircuitOptions) Embedder {
	if options.Failures <= 0 {
		options.Failures = 5
	}
	if options.Rest <= 0 {
		options.Rest = 5 * time.Second
	}
	settings := gobreaker.Settings{
		Name: e.Model().Name, MaxRequests: 1, Timeout: options.Rest,
		ReadyToTrip:  func(c gobreaker.Counts) bool { return int(c.ConsecutiveFailures) >= options.Failures },
		IsSuccessful: func(err error) bool { return !providerFault(err) },
	}
	if options.Changed != nil {
		settings.OnStateChange = func(_ string, _, to gobreaker.State) { options.Changed(to == gobreaker.StateOpen) }
	}
	return &circuit{Embedder: e, breaker: gobreaker.NewCircuitBreaker[Embeddings](settings)}
}

type circuit struct {
	Embedder
	breaker *gobreaker.CircuitBreaker[Embeddings]
	last    atomic.Pointer[error] // fault of the provider
}

// questionWithin is how long a provider may take for a question. A provider that
// takes longer counts as failing; callers' deadlines cannot decide that, because a
// call for several questions outlives its callers.
const questionWithin = 5 * time.Second

var errHangs = corpus.Errorf(corpus.ErrUnavailable, "%w: no answer within %v", ErrTimeout, questionWithin)

func (c *circuit) Unwrap() Embedder { return c.Embedder }

func (c *circuit) Embed(ctx context.Context, role Role, texts []string) (Embeddings, error) {
	if err := ctx.Err(); err != nil {
		return Embeddings{}, err
	}
	answer, err := c.breaker.Execute(func() (Embeddings, error) { return c.ask(ctx, role, texts) })
	switch {
	case errors.Is(err, gobreaker.ErrOpenState), errors.Is(err, gobreaker.ErrTooManyRequests):
		why, kind := "", corpus.ErrUnavailable
		if last := c.last.Load(); last != nil {
			why = ", last: " + (*last).Error()
			if Lasting(*last) { // which waiting does not mend
				kind = corpus.ErrDenied
			}
		}
		return Embeddings{}, corpus.Errorf(kind, "%w: %v failed too often%s", ErrCircuitOpen, c.Model(), why)
	case providerFault(err):
		c.last.Store(&err)
	}
	return answer, err
}

func (c *circuit) ask(ctx context.Context, role Role, texts []string) (Embeddings, error) {
	if role != Query {
		answer, err := c.Embedder.Embed(ctx, role, texts)
		if len(texts) > 1 && errors.Is(err, ErrTimeout) {
			err = &batchTimeout{err}
		}
		return answer, err
	}
	within, cancel := context.WithTimeout(ctx, questionWithin)
	defer cancel()
	answer, err := c.Embedder.Embed(within, role, texts)
	if err != nil && within.Err() != nil && ctx.Err() == nil {
		return Embeddings{}, errHangs
	}
	return answer, err
}

// batchTimeout is a call that held more texts than the provider reads in the
// time, which a smaller call need not.
type batchTimeout struct{ error }

func (e *batchTimeout) Unwrap() error { return e.error }

// providerFault separates the provider's faults from the caller's. A deadline of
// the caller's counts: a provider that hangs shows as nothing else.
func providerFault(err error) bool {
	var text *TextError
	var batch *batchTimeout
	switch {
	case err == nil, errors.Is(err, context.Canceled), errors.As(err, &text), errors.As(err, &batch), errors.Is(err, corpus.ErrInvalid), errors.Is(err, corpus.ErrExhausted):
		return false
	}
	return true
}
