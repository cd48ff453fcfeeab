package corpus

import (
	"errors"
	"fmt"
	"strings"
)

// The kinds of failure. Every error that leaves a room wraps one of them or is
// an internal fault; only package server maps them to gRPC codes.
var (
	ErrInvalid       = errors.New("invalid argument")        // the caller's input; see InvalidError
	ErrNotFound      = errors.New("not found")               // the thing named is not there
	ErrModelMismatch = errors.New("model mismatch")          // a collection built by another pipeline
	ErrLocked        = errors.New("held by another process") // the data folder has a writer already
	ErrExhausted     = errors.New("resource exhausted")      // disk, memory or quota; try again when there is room
	ErrUnavailable   = errors.New("unavailable")             // a dependency does not answer; try again
	ErrConflict      = errors.New("conflict")                // a newer write won
	ErrCorrupt       = errors.New("corrupt data")            // what was stored can't be read back
	ErrUnsupported   = errors.New("unsupported")             // this filler of a contract can't do it
	ErrNotReady      = errors.New("not ready")               // nothing is indexed yet, or the store is still opening
)

// Violation says what is wrong with one field of the caller's input.
type Violation struct {
	Field       string // as the caller named it: "page_size", "filter.published"
	Description string // what is wrong, with the limit
}

// InvalidError is bad input, field by field. It matches [ErrInvalid].
type InvalidError struct{ Violations []Violation }

// Invalid returns an [InvalidError] with one violation.
func Invalid(field, description string) error {
	return &InvalidError{Violations: []Violation{{Field: field, Description: description}}}
}

func (e *InvalidError) Error() string {
	parts := make([]string, len(e.Violations))
	for i, v := range e.Violations {
		parts[i] = v.Field + ": " + v.Description
	}
	return strings.Join(parts, "; ")
}

// Is reports that every InvalidError is an [ErrInvalid].
func (e *InvalidError) Is(target error) bool { return target == ErrInvalid }

// MismatchError tells the pipeline that a collection was built by and the one
// it was opened for. It matches [ErrModelMismatch].
type MismatchError struct{ Held, Wanted Pipeline }

func (e *MismatchError) Error() string {
	return fmt.Sprintf("%v: the collection was built by %v, this process runs %v; index again with --rebuild, or configure the old pipeline",
		ErrModelMismatch, e.Held, e.Wanted)
}

// Is reports that every MismatchError is an [ErrModelMismatch].
func (e *MismatchError) Is(target error) bool { return target == ErrModelMismatch }

// RefusedError is a request that the present state forbids, such as dropping
// what is in use. The reason may be shown to any caller. It matches
// [ErrConflict].
type RefusedError struct{ Reason string }

// Refused returns a [RefusedError].
func Refused(format string, args ...any) error { return &RefusedError{fmt.Sprintf(format, args...)} }

func (e *RefusedError) Error() string { return e.Reason }

// Is reports that every RefusedError is an [ErrConflict].
func (e *RefusedError) Is(target error) bool { return target == ErrConflict }
