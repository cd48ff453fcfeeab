package qdrant

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/sony/gobreaker/v2"

	"dalil/corpus"
)

// retry says how often and for how long a call is tried. Reads and writes have
// separate circuit breakers, because a cluster may answer reads while it refuses
// writes.
type retry struct {
	tries   uint
	first   time.Duration // wait before the second try
	within  time.Duration // no further try after this time; 0: only tries limits them
	circuit *circuit
	waits   bool // wait for an open circuit to close, because no person waits for the answer
}

// maxWait is the longest pause between two tries. It is also the longest pause
// before a new connection, so that the end of an outage is noticed soon.
const maxWait = 3 * time.Second

// asking is the policy of a read that a caller waits for. It tries twice more if
// the server does not answer, but not after the timeout of one call, so that a
// hanging server is reported after one timeout.
func (s *Store) asking() retry {
	return retry{tries: 3, first: 20 * time.Millisecond, within: s.options.Timeout, circuit: s.reads}
}

// reading is the policy of a read that is part of a write. It waits as long as a
// write does.
func (s *Store) reading() retry {
	r := s.writing()
	r.circuit = s.reads
	return r
}

// writing is the policy of a write. Writes may be repeated: ids are derived from
// content, and writes that could overwrite newer data are conditional on the
// sequence. It waits about half a minute, in which a cluster can elect a new
// leader.
func (s *Store) writing() retry {
	return retry{tries: 16, first: 200 * time.Millisecond, within: 30 * time.Second, circuit: s.writes, waits: true}
}

// read makes a reading call that a caller waits for.
func (s *Store) read(ctx context.Context, what string, call func(context.Context) error) error {
	return s.call(ctx, s.asking(), what, call)
}

// write makes a writing call.
func (s *Store) write(ctx context.Context, what string, call func(context.Context) error) error {
	return s.call(ctx, s.writing(), what, call)
}

// call makes all calls of the server. It keeps the deadlines of the caller and of a
// single call, uses the circuit breaker, and repeats calls with backoff and jitter
// if that can help. Its errors are of package corpus.
func (s *Store) call(ctx context.Context, how retry, what string, call func(context.Context) error) error {
	wait := backoff.NewExponentialBackOff()
	wait.InitialInterval, wait.MaxInterval, wait.RandomizationFactor = how.first, maxWait, 0.5
	start := time.Now()
	_, err := backoff.Retry(ctx, func() (struct{}, error) {
		if s.ended.Load() {
			return struct{}{}, backoff.Permanent(errClosed)
		}
		err := how.circuit.do(func() error { return s.once(ctx, call) })
		if err == nil {
			return struct{}{}, nil
		}
		late := how.within > 0 && time.Since(start) >= how.within
		var limited *limitedError
		switch {
		case errors.As(err, &limited):
			return struct{}{}, errors.Join(backoff.RetryAfter(limited.seconds), err)
		case ctx.Err() == nil && !late && corpus.KindOf(err) == corpus.ErrUnavailable && (how.waits || !errors.Is(err, errPaused)):
			return struct{}{}, err
		}
		return struct{}{}, backoff.Permanent(err)
	}, backoff.WithBackOff(wait), backoff.WithMaxTries(how.tries), backoff.WithMaxElapsedTime(0))
	if err == nil {
		return nil
	}
	var after *backoff.RetryAfterError
	if errors.As(err, &after) {
		var limited *limitedError
		if errors.As(err, &limited) {
			err = limited
		}
	}
	if cause := ctx.Err(); cause != nil {
		switch {
		case err == cause: // the pause before the next try was cut short
			err = s.unanswered(cause)
		case !errors.Is(err, cause):
			err = fmt.Errorf("%w; the last error was: %w", s.unanswered(cause), err)
		}
	}
	return fmt.Errorf("qdrant: %s: %w", what, err)
}

// once makes the call a single time.
func (s *Store) once(ctx context.Context, call func(context.Context) error) error {
	one, cancel := context.WithTimeout(ctx, s.options.Timeout)
	defer cancel()
	start := time.Now()
	err := s.translate(ctx, call(one))
	if errors.Is(err, context.DeadlineExceeded) && time.Since(start) >= min(slow, s.options.Timeout/2) {
		err = slowError{err}
	}
	return err
}

// slow is the shortest duration of a call without an answer that counts as a
// failure of the server. A shorter one is due to the caller's short deadline.
const slow = time.Second

// slowError is the error of a call that got no answer for that long.
type slowError struct{ error }

func (e slowError) Unwrap() error { return e.error }

func isSlow(err error) bool {
	var slow slowError
	return errors.As(err, &slow)
}

// circuitRest is how long an open circuit breaker makes no call.
const circuitRest = 2 * time.Second

// circuit is a circuit breaker. It opens after five failures in a row, so that
// questions to a server that is down fail at once instead of after a timeout. It
// keeps the last failure for its error.
type circuit struct {
	breaker *gobreaker.CircuitBreaker[struct{}]
	address string
	last    lastError
}

func newCircuit(server Server) *circuit {
	return &circuit{address: server.Address, breaker: gobreaker.NewCircuitBreaker[struct{}](gobreaker.Settings{
		Name: server.Address, MaxRequests: 1, Timeout: circuitRest,
		ReadyToTrip: func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= 5 },
		IsSuccessful: func(err error) bool {
			return corpus.KindOf(err) != corpus.ErrUnavailable && !isSlow(err)
		},
		IsExcluded: func(err error) bool { return errors.Is(err, context.Canceled) },
	})}
}

// do makes the call unless the circuit breaker is open.
func (c *circuit) do(call func() error) error {
	_, err := c.breaker.Execute(func() (struct{}, error) {
		err := call()
		if corpus.KindOf(err) == corpus.ErrUnavailable {
			c.last.set(err)
		}
		return struct{}{}, err
	})
	if errors.Is(err, gobreaker.ErrOpenState) || errors.Is(err, gobreaker.ErrTooManyRequests) {
		return c.paused()
	}
	return err
}

// errPaused is in the chain of the error of an open circuit breaker.
var errPaused = errors.New("not called")

func (c *circuit) paused() error {
	reason := ""
	if last := c.last.get(); last != nil {
		reason = "; the last error was: " + last.Error()
	}
	return corpus.Errorf(corpus.ErrUnavailable, "Qdrant at %s has failed repeatedly and is %w for %v%s", c.address, errPaused, circuitRest, reason)
}
