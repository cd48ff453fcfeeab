package client

import (
	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

func fromWire(r *dalilv1.Receipt) corpus.Receipt {
	receipt := corpus.Receipt{
		DocumentID: r.GetDocumentId(), Revision: r.GetRevision(), Chunks: int(r.GetPassages()), Tokens: int(r.GetTokens()),
		Cut: int(r.GetCutPassages()), Outcome: corpus.Outcome(r.GetOutcome()),
		Warnings: r.GetWarnings(),
	}
	if f := r.GetFailure(); f != nil {
		receipt.Err = &remoteError{f}
	}
	return receipt
}

// remoteError is what a server says of a document.
type remoteError struct{ failure *dalilv1.Failure }

func (e *remoteError) Error() string { return e.failure.GetMessage() }

// Is reports the kinds that are a fault of the server's surroundings and not of
// the document.
func (e *remoteError) Is(target error) bool {
	switch e.failure.GetReason() {
	case dalilv1.ErrorReason_ERROR_REASON_UNAVAILABLE:
		return target == corpus.ErrUnavailable
	case dalilv1.ErrorReason_ERROR_REASON_EXHAUSTED:
		return target == corpus.ErrExhausted
	}
	return false
}
