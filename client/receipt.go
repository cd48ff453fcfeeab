package client

import (
	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

func fromWire(r *dalilv1.Receipt) corpus.Receipt {
	receipt := corpus.Receipt{
		DocumentID: r.GetDocumentId(), Revision: r.GetRevision(), Chunks: int(r.GetPassages()), Tokens: int(r.GetTokens()),
		Cut: int(r.GetCutPassages()), Outcome: corpus.Outcome(r.GetOutcome()),
		Warnings: r.GetWarnings(), ETag: r.GetEtag(),
	}
	if r.NewerSourceVersion != nil {
		receipt.Err = &corpus.StaleError{DocumentID: r.GetDocumentId(), Held: r.GetNewerSourceVersion()}
	}
	if f := r.GetFailure(); f != nil {
		receipt.Err = &remoteError{f}
	}
	return receipt
}

// remoteError is the error that a server returned for a document.
type remoteError struct{ failure *dalilv1.Failure }

func (e *remoteError) Error() string { return e.failure.GetMessage() }

// kinds maps the reasons of the wire to kinds of failure. Kinds that concern only
// the server's own process are left out.
var kinds = map[dalilv1.ErrorReason]corpus.Kind{
	dalilv1.ErrorReason_ERROR_REASON_INVALID:         corpus.ErrInvalid,
	dalilv1.ErrorReason_ERROR_REASON_NOT_FOUND:       corpus.ErrNotFound,
	dalilv1.ErrorReason_ERROR_REASON_MODEL_MISMATCH:  corpus.ErrModelMismatch,
	dalilv1.ErrorReason_ERROR_REASON_LOCKED:          corpus.ErrLocked,
	dalilv1.ErrorReason_ERROR_REASON_EXHAUSTED:       corpus.ErrExhausted,
	dalilv1.ErrorReason_ERROR_REASON_OVERLOADED:      corpus.ErrExhausted,
	dalilv1.ErrorReason_ERROR_REASON_UNAVAILABLE:     corpus.ErrUnavailable,
	dalilv1.ErrorReason_ERROR_REASON_DENIED:          corpus.ErrDenied,
	dalilv1.ErrorReason_ERROR_REASON_UNAUTHENTICATED: corpus.ErrUnauthenticated,
	dalilv1.ErrorReason_ERROR_REASON_FORBIDDEN:       corpus.ErrForbidden,
	dalilv1.ErrorReason_ERROR_REASON_CONFLICT:        corpus.ErrConflict,
	dalilv1.ErrorReason_ERROR_REASON_REFUSED:         corpus.ErrRefusedState,
	dalilv1.ErrorReason_ERROR_REASON_CORRUPT:         corpus.ErrCorrupt,
	dalilv1.ErrorReason_ERROR_REASON_UNSUPPORTED:     corpus.ErrUnsupported,
	dalilv1.ErrorReason_ERROR_REASON_NOT_READY:       corpus.ErrNotReady,
	dalilv1.ErrorReason_ERROR_REASON_MISSING:         corpus.ErrMissing,
	dalilv1.ErrorReason_ERROR_REASON_RATE_LIMITED:    corpus.ErrRateLimited,
	dalilv1.ErrorReason_ERROR_REASON_INTERNAL:        corpus.ErrInternal,
}

// Is reports whether the server returned this kind of failure.
func (e *remoteError) Is(target error) bool { return isKind(e.failure.GetReason(), target) }

func isKind(reason dalilv1.ErrorReason, target error) bool {
	kind, known := kinds[reason]
	return known && target == kind
}
