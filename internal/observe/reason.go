package observe

import (
	"context"
	"errors"

	"dalil/corpus"
)

// reasons name the kinds of failure.
var reasons = map[corpus.Kind]string{
	corpus.ErrInvalid:       "invalid",
	corpus.ErrNotFound:      "not_found",
	corpus.ErrModelMismatch: "model_mismatch",
	corpus.ErrLocked:        "locked",
	corpus.ErrExhausted:     "exhausted",
	corpus.ErrUnavailable:   "unavailable",
	corpus.ErrDenied:        "denied",
	corpus.ErrConflict:      "conflict",
	corpus.ErrRefusedState:  "refused",
	corpus.ErrCorrupt:       "corrupt",
	corpus.ErrUnsupported:   "unsupported",
	corpus.ErrNotReady:      "not_ready",
	corpus.ErrMissing:       "missing",
	corpus.ErrInternal:      "internal",
}

// reasonNames are all values that reason has.
func reasonNames() []string {
	names := []string{"cancelled", "deadline"}
	for _, name := range reasons {
		names = append(names, name)
	}
	return names
}

// reason is a label value for an error; never its text. A call that its caller
// gave up is no fault of who was called, so that is looked at first.
func reason(err error) string {
	switch {
	case errors.Is(err, context.Canceled):
		return "cancelled"
	case errors.Is(err, context.DeadlineExceeded):
		return "deadline"
	}
	if name, known := reasons[corpus.KindOf(err)]; known {
		return name
	}
	return "internal"
}
