package store

import "fmt"

// PutError says which documents a Put did not write, or a DeleteIf did not delete. All
// others were. It wraps its cause, which is the first failure.
type PutError struct {
	Failed map[string]error // by document id
	Cause  error
}

func (e *PutError) Error() string {
	return fmt.Sprintf("%d documents were not written: %v", len(e.Failed), e.Cause)
}

// Failure is the error of a call that wrote some of its documents and not others;
// nil where none failed. The only document of a call fails with its own error.
func Failure(failed map[string]error, first string, documents int) error {
	switch {
	case len(failed) == 0:
		return nil
	case documents == 1:
		return failed[first]
	}
	return &PutError{Failed: failed, Cause: failed[first]}
}

// Unwrap returns the cause.
func (e *PutError) Unwrap() error { return e.Cause }
