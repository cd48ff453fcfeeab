package server

import (
	"context"
	"errors"
	"time"

	"google.golang.org/grpc/codes"

	"dalil/access"
	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

// kind is how a failure appears to callers. Its message is fixed, because causes
// may contain files, addresses and data of other callers. Only the log has the
// cause.
type kind struct {
	code    codes.Code
	reason  dalilv1.ErrorReason
	message string
	retry   time.Duration // delay before the next try; 0: trying again does not help
}

var (
	internal  = kind{codes.Internal, dalilv1.ErrorReason_ERROR_REASON_INTERNAL, "internal error", 0}
	cancelled = kind{codes.Canceled, dalilv1.ErrorReason_ERROR_REASON_CANCELLED, "the call was cancelled", 0}
	late      = kind{codes.DeadlineExceeded, dalilv1.ErrorReason_ERROR_REASON_DEADLINE, "the call's deadline passed", 0}
	// unanswered is the timeout of a dependency. The call's own deadline has not passed.
	unanswered = kind{
		codes.Unavailable, dalilv1.ErrorReason_ERROR_REASON_UNAVAILABLE, "a dependency of the server does not answer", time.Second,
	}
)

// kinds maps each kind of failure to its appearance on the wire.
var kinds = map[corpus.Kind]kind{
	corpus.ErrInvalid:  {codes.InvalidArgument, dalilv1.ErrorReason_ERROR_REASON_INVALID, "the input was refused", 0},
	corpus.ErrNotFound: {codes.NotFound, dalilv1.ErrorReason_ERROR_REASON_NOT_FOUND, "not found", 0},
	corpus.ErrModelMismatch: {
		codes.FailedPrecondition, dalilv1.ErrorReason_ERROR_REASON_MODEL_MISMATCH,
		"the index was built with a model or pipeline other than the server's", 0,
	},
	corpus.ErrLocked: {codes.Unavailable, dalilv1.ErrorReason_ERROR_REASON_LOCKED, "another process has the index open", 5 * time.Second},
	corpus.ErrExhausted: {
		codes.ResourceExhausted, dalilv1.ErrorReason_ERROR_REASON_EXHAUSTED, "disk, memory or quota is used up", 30 * time.Second,
	},
	corpus.ErrUnavailable: unanswered,
	// FAILED_PRECONDITION, because clients retry UNAVAILABLE, and a wrong key stays
	// wrong until an operator changes it.
	corpus.ErrDenied: {
		codes.FailedPrecondition, dalilv1.ErrorReason_ERROR_REASON_DENIED,
		"a dependency of the server refuses its calls; the server's operator must check keys and names", 0,
	},
	corpus.ErrUnauthenticated: {
		codes.Unauthenticated, dalilv1.ErrorReason_ERROR_REASON_UNAUTHENTICATED, "the call needs a valid API key or token", 0,
	},
	corpus.ErrForbidden: {
		codes.PermissionDenied, dalilv1.ErrorReason_ERROR_REASON_FORBIDDEN, "the credential does not allow this", 0,
	},
	corpus.ErrRateLimited:  {codes.ResourceExhausted, dalilv1.ErrorReason_ERROR_REASON_RATE_LIMITED, "this caller does too much at once", time.Second},
	corpus.ErrConflict:     {codes.Aborted, dalilv1.ErrorReason_ERROR_REASON_CONFLICT, "a newer write won", 100 * time.Millisecond},
	corpus.ErrStale:        {codes.Aborted, dalilv1.ErrorReason_ERROR_REASON_CONFLICT, "a newer source version was written before", 0},
	corpus.ErrRefusedState: {codes.FailedPrecondition, dalilv1.ErrorReason_ERROR_REASON_REFUSED, "the current state does not allow this", 0},
	corpus.ErrCorrupt:      {codes.DataLoss, dalilv1.ErrorReason_ERROR_REASON_CORRUPT, "stored data cannot be read", 0},
	corpus.ErrUnsupported:  {codes.Unimplemented, dalilv1.ErrorReason_ERROR_REASON_UNSUPPORTED, "this server does not support this", 0},
	corpus.ErrNotReady:     {codes.FailedPrecondition, dalilv1.ErrorReason_ERROR_REASON_NOT_READY, "nothing is indexed yet", 0},
	// Never NOT_FOUND, because callers would take it to mean that a document was deleted.
	corpus.ErrMissing: {
		codes.FailedPrecondition, dalilv1.ErrorReason_ERROR_REASON_MISSING,
		"the server's collection no longer exists", 0,
	},
	corpus.ErrInternal: internal,
}

// own maps the failures that arise in the server itself.
var own = map[error]kind{
	errUnknownMethod: {codes.Unimplemented, dalilv1.ErrorReason_ERROR_REASON_UNSUPPORTED, "unknown method", 0},
	errDraining: {
		codes.Unavailable, dalilv1.ErrorReason_ERROR_REASON_SHUTTING_DOWN,
		"the server is shutting down; send documents without a receipt again", time.Second,
	},
	errUnaudited: {codes.Unavailable, dalilv1.ErrorReason_ERROR_REASON_UNAVAILABLE, errUnaudited.Error(), 5 * time.Second},
	errStalled:   {codes.Aborted, dalilv1.ErrorReason_ERROR_REASON_STALLED, errStalled.Error(), 0},
}

// classify maps an error to the kind that the caller gets. It is the only place that does so.
func classify(err error) kind {
	for cause, k := range own {
		if errors.Is(err, cause) {
			return k
		}
	}
	var over *ended
	if errors.As(err, &over) {
		// The deadline has passed, so it is the cause of any other error.
		if errors.Is(over.by, context.DeadlineExceeded) {
			return late
		}
		return cancelled
	}
	var public *said
	if errors.As(err, &public) {
		return public.kind
	}
	k, known := kinds[corpus.KindOf(err)]
	switch {
	case known:
		return worded(k, err)
	case errors.Is(err, context.DeadlineExceeded):
		return unanswered
	case errors.Is(err, context.Canceled):
		return cancelled
	}
	return internal
}

// worded replaces the message of a kind with the error's own text, if any caller
// may read it.
func worded(k kind, err error) kind {
	var invalid *corpus.InvalidError
	var refused *corpus.RefusedError
	var unmet *corpus.ConditionError
	var over *corpus.QuotaError
	var unknown *access.Refusal
	var limited *corpus.RateError
	switch {
	case errors.As(err, &unknown):
		k.message = unknown.Message
	case errors.As(err, &over):
		k.message, k.retry = over.Error(), 0
	case errors.As(err, &limited):
		k.message, k.retry = limited.Error(), max(limited.After, time.Millisecond)
	case errors.As(err, &unmet):
		k.message, k.retry = unmet.Error(), 0
	case k.code == codes.InvalidArgument && errors.As(err, &invalid):
		k.message = invalid.Error()
	case (k.reason == dalilv1.ErrorReason_ERROR_REASON_REFUSED || k.reason == dalilv1.ErrorReason_ERROR_REASON_MISSING) && errors.As(err, &refused):
		k.message = refused.Reason
	}
	return k
}
