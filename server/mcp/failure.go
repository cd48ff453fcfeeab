package mcp

import (
	"errors"
	"fmt"
	"strings"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// advice says what a model can do about an error, by its code.
var advice = map[codes.Code]string{
	codes.NotFound:           "Call search or list_sources to find ids that exist.",
	codes.Aborted:            "The document was written in the meantime. Call the tool again from the beginning.",
	codes.Unavailable:        "Call the tool again in a few seconds.",
	codes.DeadlineExceeded:   "Call the tool again, with a smaller limit if it has one.",
	codes.FailedPrecondition: "The index is not ready. Tell the user that its operator must act.",
	codes.Unimplemented:      "The server does not support this. Use another tool.",
	codes.Internal:           "Tell the user that the server failed.",
}

// exhausted is the advice about RESOURCE_EXHAUSTED, by the reason.
var exhausted = map[string]string{
	"RATE_LIMITED": "Call the tool again after that time, and less often.",
	"OVERLOADED":   "The server is overloaded. Call the tool again later.",
	"TOO_LARGE":    "Ask for less.",
	"EXHAUSTED":    "Call the tool again later. If that does not help, tell the user that the server's operator must act.",
}

// failure rewords an error of the wire for a model: what is wrong with which argument, and what to do. names maps
// fields of the request to arguments of the tool; other fields keep their names.
func failure(err error, names map[string]string) error {
	s, ok := status.FromError(err)
	if !ok {
		return err
	}
	var lines []string
	hint := advice[s.Code()]
	for _, detail := range s.Details() {
		if about, ok := detail.(*errdetails.ErrorInfo); ok && s.Code() == codes.ResourceExhausted {
			hint = exhausted[about.GetReason()]
		}
		bad, _ := detail.(*errdetails.BadRequest)
		for _, v := range bad.GetFieldViolations() {
			field := v.GetField()
			if name, ok := names[field]; ok {
				field = name
			}
			lines = append(lines, fmt.Sprintf("%s: %s", field, v.GetDescription()))
		}
	}
	if len(lines) == 0 {
		lines = append(lines, s.Message())
	}
	if hint != "" {
		lines = append(lines, hint)
	}
	return errors.New(strings.Join(lines, "\n"))
}
