package embedder

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/sony/gobreaker/v2"

	"dalil/corpus"
)

// ErrCircuitOpen means that the provider has failed so often that calls to it are
// paused. Its kind is corpus.ErrUnavailable, or corpus.ErrDenied if the last
// failure is [Lasting].
var ErrCircuitOpen = errors.New("circuit open")

// CircuitOptions has the settings of Circuit. Zero fields have the defaults.
type CircuitOptions struct {
	Failures int           // number of failures in a row that open the circuit; 0: 5
	Rest     time.Duration // how long it stays open before one call is tried; 0: 5 s
	Changed  func(open bool)
}

// Circuit is a circuit breaker (Nygard, "Release It!", 2018): it stops calls to a
// provider that is down, so that queries degrade at once instead of waiting for a
// timeout. Only faults of the provider count. A faulty text, a limit and a
// cancelled call do not open it.
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

// questionWithin is how long a provider may take for a question before that counts
// as a failure. The deadlines of callers cannot decide that, because a call for
// several questions may last longer than its callers wait.
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
			if Lasting(*last) { // waiting does not help
				kind = corpus.ErrDenied
			}
		}
		return Embeddings{}, corpus.Errorf(kind, "%w: %v failed too often, so calls to it are paused%s", ErrCircuitOpen, c.Model(), why)
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

// batchTimeout is the error of a call with more texts than the provider can embed
// in time. A smaller call may succeed.
type batchTimeout struct{ error }

func (e *batchTimeout) Unwrap() error { return e.error }

// providerFault reports whether an error is a fault of the provider. An exceeded
// deadline of the caller counts as one, because it is the only sign of a provider
// that hangs.
func providerFault(err error) bool {
	var text *TextError
	var batch *batchTimeout
	switch {
	case err == nil, errors.Is(err, context.Canceled), errors.As(err, &text), errors.As(err, &batch), errors.Is(err, corpus.ErrInvalid), errors.Is(err, corpus.ErrExhausted):
		return false
	}
	return true
}
