package corpus

import (
	"errors"
	"fmt"
	"strings"
)

// Kind is the kind of a failure. A kind is an error itself, so that
// errors.Is(err, ErrNotFound) asks for it.
type Kind string

func (k Kind) Error() string { return string(k) }

// The kinds of failure. Every error that leaves a package has exactly one of
// them (see [KindOf]) or is the end of a context; everything else is an internal
// fault. Only package server maps kinds to gRPC codes.
const (
	ErrInvalid       Kind = "invalid argument"        // the caller's input; see InvalidError
	ErrNotFound      Kind = "not found"               // the document or passage that was named does not exist
	ErrModelMismatch Kind = "model mismatch"          // the collection was built by another pipeline
	ErrLocked        Kind = "held by another process" // another process writes to the data folder
	ErrExhausted     Kind = "resource exhausted"      // disk, memory or quota is used up; try again when there is space
	ErrUnavailable   Kind = "unavailable"             // a dependency does not answer; try again
	ErrDenied        Kind = "denied"                  // a dependency refuses us: a wrong key, an unknown model; an operator must act
	ErrConflict      Kind = "conflict"                // a newer write won, or a write's condition does not hold
	ErrStale         Kind = "stale"                   // an older source version than the one held; see StaleError
	ErrRefusedState  Kind = "refused"                 // the present state forbids it; see RefusedError
	ErrCorrupt       Kind = "corrupt data"            // stored data cannot be read back
	ErrUnsupported   Kind = "unsupported"             // this implementation cannot do it
	ErrNotReady      Kind = "not ready"               // nothing is indexed yet, or the store is still opening
	ErrMissing       Kind = "missing collection"      // the collection or alias does not exist; never to be read as "deleted"
	ErrInternal      Kind = "internal error"          // a fault of ours
)

// Error is the error type of Dalil. Adapters create it where they touch their
// SDK: they set the kind and keep the SDK's error as text only (see [Foreign]),
// so that no foreign status or type is found in the chain.
type Error struct {
	Kind  Kind   // never empty
	Op    string // what failed: "open collection"; empty: the cause says it
	Thing string // with which thing: "news-3f2a"; empty: none
	Cause error  // why, one of our own errors or Foreign; nil: the kind says it
}

// Errorf returns an [Error] of a kind whose cause is the formatted text. %w is
// allowed for errors of our own.
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

// foreign is the text of an error of another module.
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

// allKinds is the order in which KindOf looks where a chain has several: the
// more specific first.
var allKinds = []Kind{
	ErrInvalid, ErrModelMismatch, ErrRefusedState, ErrMissing, ErrLocked, ErrExhausted, ErrDenied, ErrCorrupt, ErrConflict, ErrStale,
	ErrUnsupported, ErrNotReady, ErrNotFound, ErrUnavailable, ErrInternal,
}

// KindOf returns the kind of an error: that of the outermost [Error] in the
// chain, else the first kind that errors.Is finds, else "" (an internal fault, or
// the end of a context).
func KindOf(err error) Kind {
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
	Field       string // as the caller named it: "page_size", "filter.published"
	Description string // what is wrong, with the limit
	Limit       string // what is allowed, where it is a number or a short list; empty: see Description
	Got         string // what was given, never a document's text; empty: see Description
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

// MismatchError names the pipeline that a collection was built by and the one
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
// [ErrRefusedState] and, for now, [ErrConflict].
type RefusedError struct{ Reason string }

// Refused returns a [RefusedError].
func Refused(format string, args ...any) error { return &RefusedError{fmt.Sprintf(format, args...)} }

func (e *RefusedError) Error() string { return e.Reason }

// Is reports that every RefusedError is an [ErrRefusedState] and an [ErrConflict].
func (e *RefusedError) Is(target error) bool {
	return target == ErrRefusedState || target == ErrConflict
}
