package client

import (
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

// Error is an error of the wire with its details. It matches the kind of its reason,
// so errors.Is(err, corpus.ErrNotFound) works, and the gRPC status that it came from.
type Error struct {
	Code           codes.Code
	Reason         dalilv1.ErrorReason // ERROR_REASON_UNSPECIFIED: the error is not the server's, for example that of a connection
	Message        string              // for people
	Violations     []corpus.Violation  // what is wrong with the request, field by field
	RetryAfter     time.Duration       // when to try again; 0: trying again does not help, or nothing is known
	OutcomeUnknown bool                // a write may have taken effect
	Incident       string              // the number under which the server's log has the cause; empty: the message is the cause
	cause          error
}

// Details returns the details of an error of a call. It reports false if err is nil or
// did not come from gRPC.
func Details(err error) (*Error, bool) {
	s, ok := status.FromError(err)
	if err == nil || !ok {
		return nil, false
	}
	e := &Error{Code: s.Code(), Message: s.Message(), cause: err}
	about := map[string]string{}
	for _, detail := range s.Details() {
		switch d := detail.(type) {
		case *errdetails.ErrorInfo:
			if d.GetDomain() == "dalil" {
				e.Reason = dalilv1.ErrorReason(dalilv1.ErrorReason_value["ERROR_REASON_"+d.GetReason()])
				about = d.GetMetadata()
			}
		case *errdetails.BadRequest:
			for _, v := range d.GetFieldViolations() {
				e.Violations = append(e.Violations, corpus.Violation{Field: v.GetField(), Description: v.GetDescription()})
			}
		case *errdetails.RetryInfo:
			e.RetryAfter = d.GetRetryDelay().AsDuration()
		}
	}
	e.OutcomeUnknown, e.Incident = about["outcome"] == "unknown", about["incident"]
	if len(e.Violations) > 0 && e.Violations[0].Field == about["field"] {
		e.Violations[0].Limit, e.Violations[0].Got = about["limit"], about["got"]
	}
	return e, true
}

// Error returns the reason, if the server gave one, and the message.
func (e *Error) Error() string {
	if e.Reason == dalilv1.ErrorReason_ERROR_REASON_UNSPECIFIED {
		return e.Message
	}
	return strings.TrimPrefix(e.Reason.String(), "ERROR_REASON_") + ": " + e.Message
}

// Unwrap returns the error that the call returned.
func (e *Error) Unwrap() error { return e.cause }

// Is reports whether the reason is of this kind.
func (e *Error) Is(target error) bool { return isKind(e.Reason, target) }

// Explain returns the message of an error of the wire, and the fields that are
// invalid.
func Explain(err error) (string, []corpus.Violation) {
	e, ok := Details(err)
	if !ok {
		return err.Error(), nil
	}
	return e.Message, e.Violations
}
