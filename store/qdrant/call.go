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

// retry says how often and how long a call is tried. Reads and writes have a
// circuit each: a cluster may answer while it takes no writes.
type retry struct {
	tries   uint
	first   time.Duration // wait before the second try
	within  time.Duration // no further try after this; 0: no bound but tries
	circuit *circuit
	waits   bool // for an open circuit, because no person waits for the answer
}

// maxWait is the longest pause between two tries. It is the connection's longest
// pause too, so that an outage is noticed to be over soon.
const maxWait = 3 * time.Second

// asking is the policy of a read that a caller waits for: twice more where the
// server did not answer, but never longer than one call may take, so that a
// server that hangs is reported after one timeout.
func (s *Store) asking() retry {
	return retry{tries: 3, first: 20 * time.Millisecond, within: s.options.Timeout, circuit: s.reads}
}

// reading is the policy of a read on the way to a write. It waits as long as a
// write does.
func (s *Store) reading() retry {
	r := s.writing()
	r.circuit = s.reads
	return r
}

// writing is the policy of a write. Writes may be repeated: ids follow from
// content, and what could overwrite newer data is conditional on the sequence. It
// waits for a cluster that elects a new leader, about half a minute.
func (s *Store) writing() retry {
	return retry{tries: 16, first: 200 * time.Millisecond, within: 30 * time.Second, circuit: s.writes, waits: true}
}

// read makes a call that changes nothing and that a caller waits for.
func (s *Store) read(ctx context.Context, what string, call func(context.Context) error) error {
	return s.call(ctx, s.asking(), what, call)
}

// write makes a call that changes something.
func (s *Store) write(ctx context.Context, what string, call func(context.Context) error) error {
	return s.call(ctx, s.writing(), what, call)
}

// call is the one place that talks to the server: within the caller's deadline
// and the call's own, through the circuit, again with backoff and jitter where
// that can help. Its errors are of package corpus.
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
		case ctx.Err() == nil && !late && corpus.KindOf(err) == corpus.ErrUnavailable && (how.waits || !errors.Is(err, errLeftAlone)):
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

// once makes the call one time.
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

// slow is how long a call took that its caller gave up on, where the server is to
// blame and not a caller with a short deadline.
const slow = time.Second

// slowError is the end of a call that the server had that long for.
type slowError struct{ error }

func (e slowError) Unwrap() error { return e.error }

func isSlow(err error) bool {
	var slow slowError
	return errors.As(err, &slow)
}

// circuitRest is how long an open circuit asks nothing.
const circuitRest = 2 * time.Second

// circuit opens after five failures in a row, so that a question to a server
// that is down fails at once and not after a timeout each. It keeps the last
// failure, which is the reason.
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

// do makes the call unless the circuit is open.
func (c *circuit) do(call func() error) error {
	_, err := c.breaker.Execute(func() (struct{}, error) {
		err := call()
		if corpus.KindOf(err) == corpus.ErrUnavailable {
			c.last.set(err)
		}
		return struct{}{}, err
	})
	if errors.Is(err, gobreaker.ErrOpenState) || errors.Is(err, gobreaker.ErrTooManyRequests) {
		return c.leftAlone()
	}
	return err
}

// errLeftAlone is in the chain of an error that an open circuit gives.
var errLeftAlone = errors.New("not called")

func (c *circuit) leftAlone() error {
	reason := ""
	if last := c.last.get(); last != nil {
		reason = "; the last error was: " + last.Error()
	}
	return corpus.Errorf(corpus.ErrUnavailable, "Qdrant at %s has failed repeatedly and is %w for %v%s", c.address, errLeftAlone, circuitRest, reason)
}
