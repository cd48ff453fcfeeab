package store

import "fmt"

// PutError says which documents a Put did not write. All others were written. It
// wraps its cause, which is the first failure.
type PutError struct {
	Failed map[string]error // by document id
	Cause  error
}

func (e *PutError) Error() string {
	return fmt.Sprintf("%d documents were not written: %v", len(e.Failed), e.Cause)
}

// Unwrap returns the cause.
func (e *PutError) Unwrap() error { return e.Cause }

// UnknownError is a write that was sent and not answered: it may have taken
// effect.
type UnknownError struct{ Cause error }

func (e *UnknownError) Error() string {
	return "it is not known whether this was written; send it again: " + e.Cause.Error()
}

// Unwrap returns the cause.
func (e *UnknownError) Unwrap() error { return e.Cause }
