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
