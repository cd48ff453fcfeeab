package embedder

import (
	"context"
	"errors"
	"fmt"
	"time"

	"dalil/corpus"
)

// ErrTimeout means that the provider did not answer a call within the adapter's own
// timeout. Its kind is corpus.ErrUnavailable. The provider may still be working on
// the call.
var ErrTimeout = errors.New("the provider took too long")

// ErrWidth means that the provider's vectors are narrower than configured. Its kind
// is corpus.ErrUnavailable, and trying again does not help.
var ErrWidth = errors.New("the vectors are too narrow")

// ErrRefused is corpus.ErrDenied for providers: a wrong key or an unknown model.
// Trying again does not help.
const ErrRefused = corpus.ErrDenied

// LimitedError is the error of a provider that asks callers to wait. It matches
// corpus.ErrExhausted.
type LimitedError struct {
	RetryAfter time.Duration // 0: it did not say how long
	Err        error
}

func (e *LimitedError) Error() string {
	return fmt.Sprintf("%v: %v", corpus.ErrExhausted, e.Err)
}

func (e *LimitedError) Unwrap() []error { return []error{corpus.ErrExhausted, e.Err} }

// Lasting reports whether an error of an embedder comes from its settings, so that
// every other text and every later call would fail too: a wrong key, an unknown
// model, a wrong width. An error of kind corpus.ErrInvalid counts if the texts are
// ones that every model can read.
func Lasting(err error) bool {
	return errors.Is(err, corpus.ErrDenied) || errors.Is(err, ErrWidth)
}

// Failed gives an error without a kind the kind corpus.ErrInternal, and keeps only
// its text. It returns errors of a context and errors with a kind unchanged.
func Failed(err error) error {
	if err == nil || corpus.KindOf(err) != "" || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return &corpus.Error{Kind: corpus.ErrInternal, Cause: corpus.Foreign(err)}
}
