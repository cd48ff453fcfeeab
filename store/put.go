package store

import "fmt"

// PutError lists the documents that a Put did not write, or a DeleteIf did not delete.
// It succeeded for all others. It wraps its cause, which is the first failure.
type PutError struct {
	Failed map[string]error // by document id
	Cause  error
}

func (e *PutError) Error() string {
	return fmt.Sprintf("%d documents were not written: %v", len(e.Failed), e.Cause)
}

// Failure returns the error of a call of which some documents failed, or nil if
// none did. If the call had a single document, it returns the error of that
// document.
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
