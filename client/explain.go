package client

import (
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/status"

	"dalil/corpus"
)

// Explain returns the message of an error of the wire, and the fields that are
// invalid.
func Explain(err error) (string, []corpus.Violation) {
	s, ok := status.FromError(err)
	if !ok {
		return err.Error(), nil
	}
	var violations []corpus.Violation
	for _, detail := range s.Details() {
		if bad, ok := detail.(*errdetails.BadRequest); ok {
			for _, v := range bad.GetFieldViolations() {
				violations = append(violations, corpus.Violation{Field: v.GetField(), Description: v.GetDescription()})
			}
		}
	}
	return s.Message(), violations
}
