package server

import (
	"context"
	"errors"
	"time"

	"google.golang.org/grpc/codes"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

// kind is what a failure looks like from outside. The message is fixed: causes
// name files, addresses and other people's data, and stay in the log.
type kind struct {
	code    codes.Code
	reason  dalilv1.ErrorReason
	message string
	retry   time.Duration // when to try again; 0: that does not help
}

var (
	internal  = kind{codes.Internal, dalilv1.ErrorReason_ERROR_REASON_INTERNAL, "internal error", 0}
	cancelled = kind{codes.Canceled, dalilv1.ErrorReason_ERROR_REASON_CANCELLED, "the call was cancelled", 0}
	late      = kind{codes.DeadlineExceeded, dalilv1.ErrorReason_ERROR_REASON_DEADLINE, "the call's time is up", 0}
	// unanswered is a dependency whose time was up, which is not the call's own.
	unanswered = kind{
		codes.Unavailable, dalilv1.ErrorReason_ERROR_REASON_UNAVAILABLE, "something that the server needs does not answer", time.Second,
	}
)

// kinds says what each kind of failure becomes on the wire.
var kinds = map[corpus.Kind]kind{
	corpus.ErrInvalid:  {codes.InvalidArgument, dalilv1.ErrorReason_ERROR_REASON_INVALID, "the input was refused", 0},
	corpus.ErrNotFound: {codes.NotFound, dalilv1.ErrorReason_ERROR_REASON_NOT_FOUND, "not found", 0},
	corpus.ErrModelMismatch: {
		codes.FailedPrecondition, dalilv1.ErrorReason_ERROR_REASON_MODEL_MISMATCH,
		"the index was built by another model or pipeline than the one that runs", 0,
	},
	corpus.ErrLocked: {codes.Unavailable, dalilv1.ErrorReason_ERROR_REASON_LOCKED, "another process holds the index", 5 * time.Second},
	corpus.ErrExhausted: {
		codes.ResourceExhausted, dalilv1.ErrorReason_ERROR_REASON_EXHAUSTED, "disk, memory or quota are used up", 30 * time.Second,
	},
	corpus.ErrUnavailable: unanswered,
	// FAILED_PRECONDITION and not UNAVAILABLE: clients retry the latter, and a
	// wrong key stays wrong until an operator changes it.
	corpus.ErrDenied: {
		codes.FailedPrecondition, dalilv1.ErrorReason_ERROR_REASON_DENIED,
		"something that the server needs refuses it; its operator must check keys and names", 0,
	},
	corpus.ErrConflict:     {codes.Aborted, dalilv1.ErrorReason_ERROR_REASON_CONFLICT, "a newer write won", 100 * time.Millisecond},
	corpus.ErrStale:        {codes.Aborted, dalilv1.ErrorReason_ERROR_REASON_CONFLICT, "a newer source version was written before", 0},
	corpus.ErrRefusedState: {codes.FailedPrecondition, dalilv1.ErrorReason_ERROR_REASON_REFUSED, "the present state forbids it", 0},
	corpus.ErrCorrupt:      {codes.DataLoss, dalilv1.ErrorReason_ERROR_REASON_CORRUPT, "stored data can't be read back", 0},
	corpus.ErrUnsupported:  {codes.Unimplemented, dalilv1.ErrorReason_ERROR_REASON_UNSUPPORTED, "this server can't do it", 0},
	corpus.ErrNotReady:     {codes.FailedPrecondition, dalilv1.ErrorReason_ERROR_REASON_NOT_READY, "nothing is indexed yet", 0},
	// Never NOT_FOUND, which callers take for a deleted document.
	corpus.ErrMissing: {
		codes.FailedPrecondition, dalilv1.ErrorReason_ERROR_REASON_MISSING,
		"the collection that this server answers from does not exist any more", 0,
	},
	corpus.ErrInternal: internal,
}

// own are the failures that begin in the server itself.
var own = map[error]kind{
	errUnknownMethod: {codes.Unimplemented, dalilv1.ErrorReason_ERROR_REASON_UNSUPPORTED, "unknown method", 0},
	errDraining: {
		codes.Unavailable, dalilv1.ErrorReason_ERROR_REASON_SHUTTING_DOWN,
		"the server is shutting down; send what has no receipt again", time.Second,
	},
	errStalled: {codes.Aborted, dalilv1.ErrorReason_ERROR_REASON_STALLED, errStalled.Error(), 0},
}

// classify is the one place that maps an error to what the caller sees.
func classify(err error) kind {
	for cause, k := range own {
		if errors.Is(err, cause) {
			return k
		}
	}
	var over *ended
	if errors.As(err, &over) {
		// Whatever else went wrong, it did because the call's time was over.
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

// worded gives a kind the text of those of our own errors that any caller may
// read.
func worded(k kind, err error) kind {
	var invalid *corpus.InvalidError
	var refused *corpus.RefusedError
	var unmet *corpus.ConditionError
	switch {
	case errors.As(err, &unmet):
		k.message, k.retry = unmet.Error(), 0
	case k.code == codes.InvalidArgument && errors.As(err, &invalid):
		k.message = invalid.Error()
	case (k.reason == dalilv1.ErrorReason_ERROR_REASON_REFUSED || k.reason == dalilv1.ErrorReason_ERROR_REASON_MISSING) && errors.As(err, &refused):
		k.message = refused.Reason
	}
	return k
}
