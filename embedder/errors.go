package embedder

import (
	"fmt"
	"time"

	"dalil/corpus"
)

// ErrRefused is a provider's lasting no: a wrong key, an unknown model. Trying
// again does not help. Its kind is corpus.ErrDenied.
var ErrRefused = corpus.Errorf(corpus.ErrDenied, "refused by the embedding provider")

// LimitedError is a provider that asks for patience. It matches
// corpus.ErrExhausted.
type LimitedError struct {
	RetryAfter time.Duration // 0: it did not say how long
	Err        error
}

func (e *LimitedError) Error() string {
	return fmt.Sprintf("%v: %v", corpus.ErrExhausted, e.Err)
}

func (e *LimitedError) Unwrap() []error { return []error{corpus.ErrExhausted, e.Err} }
