package corpus

import (
	"errors"
	"fmt"
	"strings"
)

// Kind is the kind of a failure. A kind is itself an error, so errors.Is(err,
// ErrNotFound) tests for it.
type Kind string

func (k Kind) Error() string { return string(k) }

// The kinds of failure. Every error that a package returns has exactly one of them
// (see [KindOf]) or is the error of a context. Any other error is an internal
// fault. Only package server maps kinds to gRPC codes.
const (
	ErrInvalid         Kind = "invalid argument"        // the caller's input; see InvalidError
	ErrNotFound        Kind = "not found"               // the document or passage that was named does not exist
	ErrModelMismatch   Kind = "model mismatch"          // the collection was built by another pipeline
	ErrLocked          Kind = "held by another process" // another process writes to the data folder
	ErrExhausted       Kind = "resource exhausted"      // disk, memory or quota is used up; try again when there is space
	ErrUnavailable     Kind = "unavailable"             // a dependency does not answer; try again
	ErrDenied          Kind = "denied"                  // a dependency refuses the call: a wrong key, an unknown model; an operator must act
	ErrUnauthenticated Kind = "unauthenticated"         // the caller has no valid credential; see access.Refusal
	ErrForbidden       Kind = "permission denied"       // the caller's credential does not allow this; see access.Refusal
	ErrConflict        Kind = "conflict"                // another write was newer, or a write's condition does not hold
	ErrStale           Kind = "stale"                   // an older source version than the current one; see StaleError
	ErrRefusedState    Kind = "refused"                 // the current state does not allow it; see RefusedError
	ErrCorrupt         Kind = "corrupt data"            // stored data cannot be read back
	ErrUnsupported     Kind = "unsupported"             // this implementation does not support it
	ErrNotReady        Kind = "not ready"               // nothing is indexed yet, or the store is still opening
	ErrMissing         Kind = "missing collection"      // the collection or alias does not exist; it does not mean that a document was deleted
	ErrInternal        Kind = "internal error"          // a fault of Dalil
)

// Error is the error type of Dalil. Adapters create it where they call their SDK.
// They set the kind and keep the SDK's error as text only (see [Foreign]), so that
// the chain contains no status or type of another module.
type Error struct {
	Kind  Kind   // never empty
	Op    string // what failed: "open collection"; empty: see the cause
	Thing string // the thing that it failed with: "news-3f2a"; empty: none
	Cause error  // why: an error of Dalil, or Foreign; nil: see the kind
}

// Errorf returns an [Error] of a kind whose cause is the formatted text. %w is
// allowed for errors of Dalil.
func Errorf(kind Kind, format string, args ...any) error {
	return &Error{Kind: kind, Cause: fmt.Errorf(format, args...)}
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Op)
	if e.Thing != "" {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(e.Thing)
	}
	if b.Len() > 0 {
		b.WriteString(": ")
	}
	if e.Cause != nil {
		b.WriteString(e.Cause.Error())
	} else {
		b.WriteString(e.Kind.Error())
	}
	return b.String()
}

// Is reports whether target is the error's kind.
func (e *Error) Is(target error) bool { return target == e.Kind }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// foreign has the text of an error of another module.
type foreign string

func (f foreign) Error() string { return string(f) }

// Foreign keeps the text of an SDK's error and drops the error itself, so that
// errors.Is and errors.As find nothing in it. Foreign(nil) is nil.
func Foreign(err error) error {
	if err == nil {
		return nil
	}
	return foreign(err.Error())
}

// allKinds is the order in which KindOf tests the kinds of a chain, the more
// specific first.
var allKinds = []Kind{
	ErrUnauthenticated, ErrForbidden, ErrInvalid, ErrModelMismatch, ErrRefusedState, ErrMissing, ErrLocked, ErrExhausted, ErrDenied, ErrCorrupt, ErrConflict, ErrStale,
	ErrUnsupported, ErrNotReady, ErrNotFound, ErrUnavailable, ErrRateLimited, ErrInternal,
}

// KindOf returns the kind of an error: that of the outermost [Error] in the chain,
// or else the first kind that errors.Is finds, or else "" (an internal fault or the
// error of a context).
func KindOf(err error) Kind {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	for _, k := range allKinds {
		if errors.Is(err, k) {
			return k
		}
	}
	return ""
}

// Violation says what is wrong with one field of the caller's input.
type Violation struct {
	Field       string // name of the field for the caller: "page_size", "filter.published"
	Description string // what is wrong, with the limit
	Limit       string // the allowed values, if they are a number or a short list; empty: see Description
	Got         string // the given value, never a document's text; empty: see Description
}

// InvalidError is the error of invalid input, field by field. It matches [ErrInvalid].
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

// MismatchError has the pipeline that built a collection and the one that the
// collection was opened for. It matches [ErrModelMismatch].
type MismatchError struct{ Held, Wanted Pipeline }

func (e *MismatchError) Error() string {
	return fmt.Sprintf("%v: the collection was built with %v, but this process runs %v; index again with --rebuild, or configure the old pipeline",
		ErrModelMismatch, e.Held, e.Wanted)
}

// Is reports that every MismatchError is an [ErrModelMismatch].
func (e *MismatchError) Is(target error) bool { return target == ErrModelMismatch }

// RefusedError is the error of a request that the current state does not allow,
// such as dropping a collection in use. Any caller may read the reason. It matches
// [ErrRefusedState] and, for now, [ErrConflict].
type RefusedError struct{ Reason string }

// Refused returns a [RefusedError].
func Refused(format string, args ...any) error { return &RefusedError{fmt.Sprintf(format, args...)} }

func (e *RefusedError) Error() string { return e.Reason }

// Is reports that every RefusedError is an [ErrRefusedState] and an [ErrConflict].
func (e *RefusedError) Is(target error) bool {
	return target == ErrRefusedState || target == ErrConflict
}
