package qdrant

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cenkalti/backoff/v5"
	sdk "github.com/qdrant/go-client/qdrant"
	"github.com/sony/gobreaker/v2"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"dalil/corpus"
)

// read makes a call that changes nothing. It is tried twice more where the
// server did not answer, while the caller waits; on the way to a write, as long
// as a write is.
func (s *Store) read(ctx context.Context, what string, call func(context.Context) error) error {
	if ctx.Value(writing{}) != nil {
		return s.write(ctx, what, call)
	}
	return s.call(ctx, what, attempt{tries: 3, first: 20 * time.Millisecond, circuit: s.reads}, call)
}

// write makes a call that may be repeated: ids follow from content, and what
// could overwrite newer data is conditional on the sequence. It waits for a
// cluster that is choosing anew, about half a minute.
func (s *Store) write(ctx context.Context, what string, call func(context.Context) error) error {
	return s.call(ctx, what, attempt{tries: 10, first: 200 * time.Millisecond, circuit: s.writes, patient: true}, call)
}

// attempt is how often and how long a call is tried. Reads and writes have a
// circuit each: a cluster may answer while it takes no writes.
type attempt struct {
	tries   uint
	first   time.Duration // wait before the second try
	circuit *gobreaker.CircuitBreaker[struct{}]
	patient bool // waits for an open circuit, as there is nobody who waits for the answer
}

// call is the one place that talks to the server: within the caller's deadline
// and the call's own, through the circuit, again with backoff and jitter
// where that can help, with errors of the house.
func (s *Store) call(ctx context.Context, what string, how attempt, call func(context.Context) error) error {
	if s.closed.Load() && s.stop != nil && ctx.Value(closing{}) == nil {
		return errClosed
	}
	wait := backoff.NewExponentialBackOff()
	wait.InitialInterval, wait.MaxInterval, wait.RandomizationFactor = how.first, 5*time.Second, 0.5
	_, err := backoff.Retry(ctx, func() (struct{}, error) {
		_, err := how.circuit.Execute(func() (struct{}, error) {
			one, cancel := context.WithTimeout(ctx, s.options.Timeout)
			defer cancel()
			start := time.Now()
			err := s.translate(ctx, call(one))
			if errors.Is(ctx.Err(), context.DeadlineExceeded) && time.Since(start) >= min(slow, s.options.Timeout/2) {
				err = errors.Join(err, errSlow)
			}
			return struct{}{}, err
		})
		var limited *sdk.QdrantResourceExhaustedError
		switch {
		case err == nil:
			return struct{}{}, nil
		case errors.As(err, &limited):
			return struct{}{}, errors.Join(backoff.RetryAfter(limited.RetryAfterS), err)
		case ctx.Err() == nil && errors.Is(err, corpus.ErrUnavailable) && !errors.Is(err, errRefused), how.patient && isOpen(err):
			return struct{}{}, err
		}
		return struct{}{}, backoff.Permanent(err)
	}, backoff.WithBackOff(wait), backoff.WithMaxTries(how.tries), backoff.WithMaxElapsedTime(0))
	if err == nil {
		return nil
	}
	if cause := ctx.Err(); cause != nil && !errors.Is(err, cause) {
		err = errors.Join(cause, err)
	}
	if isOpen(err) {
		err = fmt.Errorf("%w: Qdrant at %s has failed repeatedly and is left alone for %v", corpus.ErrUnavailable, s.options.Address, circuitRest)
	}
	return fmt.Errorf("qdrant: %s: %w", what, err)
}

func isOpen(err error) bool {
	return errors.Is(err, gobreaker.ErrOpenState) || errors.Is(err, gobreaker.ErrTooManyRequests)
}

// writing marks the context of what a write has to read.
type writing struct{}

// closing marks the context of what Close itself still has to say.
type closing struct{}

// translate gives an error of the server the meaning it has in the house.
func (s *Store) translate(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if cause := ctx.Err(); cause != nil {
		return errors.Join(cause, err) // the caller left, or its deadline passed
	}
	kind := func(sentinel error) error { return fmt.Errorf("%w: %w", sentinel, err) }
	var limited *sdk.QdrantResourceExhaustedError
	if errors.As(err, &limited) {
		return kind(corpus.ErrExhausted)
	}
	switch status.Code(err) {
	case codes.DeadlineExceeded:
		return fmt.Errorf("%w: Qdrant at %s did not answer within %v", corpus.ErrUnavailable, s.options.Address, s.options.Timeout)
	case codes.Unavailable, codes.Canceled, codes.Aborted, codes.Internal:
		// A node that can't reach another says INTERNAL.
		return fmt.Errorf("%w: Qdrant at %s: %w", corpus.ErrUnavailable, s.options.Address, err)
	case codes.ResourceExhausted:
		return kind(corpus.ErrExhausted)
	case codes.NotFound:
		return kind(corpus.ErrNotFound)
	case codes.Unauthenticated, codes.PermissionDenied:
		return fmt.Errorf("%w: Qdrant at %s refuses the API key (store.key): %w", errRefused, s.options.Address, err)
	}
	return err
}

// errRefused is a key that is missing, wrong or not allowed to do this. It is
// no fault of the caller's question.
var errRefused = fmt.Errorf("%w: refused", corpus.ErrUnavailable)

// slow is how long a call took that its caller gave up on, and that tells of a
// server that hangs and not of a caller in a hurry.
const slow = time.Second

var errSlow = errors.New("the server had not answered by then")

// circuitRest is how long an open circuit asks nothing.
const circuitRest = 2 * time.Second

// newCircuit opens after five failures in a row, so that a question to a
// server that is down fails at once and not after a timeout each.
func newCircuit(server Server) *gobreaker.CircuitBreaker[struct{}] {
	return gobreaker.NewCircuitBreaker[struct{}](gobreaker.Settings{
		Name: server.Address, MaxRequests: 1, Timeout: circuitRest,
		ReadyToTrip: func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= 5 },
		IsSuccessful: func(err error) bool {
			return !errors.Is(err, corpus.ErrUnavailable) && !errors.Is(err, errSlow) || errors.Is(err, errRefused)
		},
		IsExcluded: func(err error) bool { return errors.Is(err, context.Canceled) },
	})
}
