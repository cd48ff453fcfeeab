package observe

import (
	"context"
	"errors"

	"dalil/corpus"
)

// reasons name the kinds of failure; the first that an error matches counts.
// A call that its caller gave up is no fault of who was called, so that is
// looked at first.
var reasons = []struct {
	err  error
	name string
}{
	{context.Canceled, "cancelled"},
	{context.DeadlineExceeded, "deadline"},
	{corpus.ErrInvalid, "invalid"},
	{corpus.ErrNotFound, "not_found"},
	{corpus.ErrModelMismatch, "model_mismatch"},
	{corpus.ErrLocked, "locked"},
	{corpus.ErrExhausted, "exhausted"},
	{corpus.ErrUnavailable, "unavailable"},
	{corpus.ErrConflict, "conflict"},
	{corpus.ErrCorrupt, "corrupt"},
	{corpus.ErrUnsupported, "unsupported"},
	{corpus.ErrNotReady, "not_ready"},
}

// reason is a label value for an error; never its text.
func reason(err error) string {
	for _, r := range reasons {
		if errors.Is(err, r.err) {
			return r.name
		}
	}
	return "internal"
}
