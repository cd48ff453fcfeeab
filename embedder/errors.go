package embedder

import (
	"context"
	"errors"
	"fmt"
	"time"

	"dalil/corpus"
)

// ErrTimeout says that a call was given up because the provider did not answer
// within the adapter's own timeout. It comes with corpus.ErrUnavailable. The
// provider may still be at work on it.
var ErrTimeout = errors.New("the provider took too long")

// ErrWidth says that the provider's vectors are narrower than is configured. It
// comes with corpus.ErrUnavailable, and trying again does not help.
var ErrWidth = errors.New("the vectors are too narrow")

// ErrRefused is corpus.ErrDenied, as errors of providers name it: a wrong key, an
// unknown model. Trying again does not help.
const ErrRefused = corpus.ErrDenied

// LimitedError is a provider that asks callers to wait. It matches
// corpus.ErrExhausted.
type LimitedError struct {
	RetryAfter time.Duration // 0: it did not say how long
	Err        error
}

func (e *LimitedError) Error() string {
	return fmt.Sprintf("%v: %v", corpus.ErrExhausted, e.Err)
}

func (e *LimitedError) Unwrap() []error { return []error{corpus.ErrExhausted, e.Err} }

// Lasting reports whether an error of an embedder is a fault of the settings that
// no other text and no later call escapes: a wrong key, an unknown model, a wrong
// width. An error of kind corpus.ErrInvalid is one where texts that every model
// reads were refused.
func Lasting(err error) bool {
	return errors.Is(err, corpus.ErrDenied) || errors.Is(err, ErrWidth)
}

// Failed gives an error that has no kind one, with its text: an error of another
// module, or a fault of ours. The end of a context and errors with a kind stay as
// they are.
func Failed(err error) error {
	if err == nil || corpus.KindOf(err) != "" || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return &corpus.Error{Kind: corpus.ErrInternal, Cause: corpus.Foreign(err)}
}
