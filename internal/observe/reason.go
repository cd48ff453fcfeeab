package observe

import (
	"context"
	"errors"

	"dalil/corpus"
)

// Reasons that are not kinds of corpus.
const (
	reasonCancelled = "cancelled" // the caller cancelled the call
	reasonDeadline  = "deadline"  // the caller's deadline passed
	reasonTimeout   = "timeout"   // a timeout of Dalil itself
	reasonInternal  = "internal"
)

// kindReasons are the label values of the kinds of failure.
var kindReasons = map[corpus.Kind]string{
	corpus.ErrInvalid:         "invalid",
	corpus.ErrNotFound:        "not_found",
	corpus.ErrModelMismatch:   "model_mismatch",
	corpus.ErrLocked:          "locked",
	corpus.ErrExhausted:       "exhausted",
	corpus.ErrUnavailable:     "unavailable",
	corpus.ErrDenied:          "denied",
	corpus.ErrUnauthenticated: "unauthenticated",
	corpus.ErrForbidden:       "forbidden",
	corpus.ErrConflict:        "conflict",
	corpus.ErrStale:           "stale",
	corpus.ErrRefusedState:    "refused",
	corpus.ErrCorrupt:         "corrupt",
	corpus.ErrUnsupported:     "unsupported",
	corpus.ErrNotReady:        "not_ready",
	corpus.ErrMissing:         "missing",
	corpus.ErrRateLimited:     "rate_limited",
	corpus.ErrInternal:        reasonInternal,
}

// reasons are all label values. Every series exists from the start, because rate()
// does not show the first failure of a series that begins with it.
func reasons() []string {
	all := []string{reasonCancelled, reasonDeadline, reasonTimeout}
	for _, name := range kindReasons {
		all = append(all, name)
	}
	return all
}

// reason returns the label value for an error of a call with ctx, never its text. A
// cancelled call is no fault of the called service, so that is checked first. A
// deadline that is not the call's own is a timeout of Dalil itself.
func reason(ctx context.Context, err error) string {
	switch over := ctx.Err(); {
	case errors.Is(over, context.DeadlineExceeded):
		return reasonDeadline
	case over != nil:
		return reasonCancelled
	}
	var over *corpus.QuotaError
	if errors.As(err, &over) {
		return kindReasons[corpus.ErrRefusedState] // no fault of the service
	}
	if name, known := kindReasons[corpus.KindOf(err)]; known {
		return name
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return reasonTimeout
	case errors.Is(err, context.Canceled):
		return reasonCancelled
	}
	return reasonInternal
}
