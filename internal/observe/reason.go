package observe

import (
	"context"
	"errors"

	"dalil/corpus"
)

// Reasons that no kind of corpus gives.
const (
	reasonCancelled = "cancelled" // the caller gave the call up
	reasonDeadline  = "deadline"  // the caller's time was over
	reasonTimeout   = "timeout"   // a limit of our own
	reasonInternal  = "internal"
)

// kindReasons are the label values of the kinds of failure.
var kindReasons = map[corpus.Kind]string{
	corpus.ErrInvalid:       "invalid",
	corpus.ErrNotFound:      "not_found",
	corpus.ErrModelMismatch: "model_mismatch",
	corpus.ErrLocked:        "locked",
	corpus.ErrExhausted:     "exhausted",
	corpus.ErrUnavailable:   "unavailable",
	corpus.ErrDenied:        "denied",
	corpus.ErrConflict:      "conflict",
	corpus.ErrStale:         "stale",
	corpus.ErrRefusedState:  "refused",
	corpus.ErrCorrupt:       "corrupt",
	corpus.ErrUnsupported:   "unsupported",
	corpus.ErrNotReady:      "not_ready",
	corpus.ErrMissing:       "missing",
	corpus.ErrInternal:      reasonInternal,
}

// reasons are all label values, so that every series is there from the start:
// rate() does not see the first failure of a series that begins with it.
func reasons() []string {
	all := []string{reasonCancelled, reasonDeadline, reasonTimeout}
	for _, name := range kindReasons {
		all = append(all, name)
	}
	return all
}

// reason is a label value for an error of a call under ctx; never its text. A
// call that its caller gave up is not a fault of who was called, so that is looked
// at first. A deadline that is not the call's own is a limit of ours.
func reason(ctx context.Context, err error) string {
	switch over := ctx.Err(); {
	case errors.Is(over, context.DeadlineExceeded):
		return reasonDeadline
	case over != nil:
		return reasonCancelled
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
