package gateway

import (
	"strings"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"
)

// renamed gives an error the names of fields that the caller wrote: in its message and in its details.
func renamed(s *status.Status, names map[string]string) *status.Status {
	if len(names) == 0 || s.Code() == codes.OK {
		return s
	}
	message := s.Message()
	var details []protoadapt.MessageV1
	for _, detail := range s.Details() {
		switch detail := detail.(type) {
		case *errdetails.ErrorInfo:
			if name, ok := names[detail.GetMetadata()["field"]]; ok {
				detail.Metadata["field"] = name
			}
			details = append(details, detail)
		case *errdetails.BadRequest:
			for _, v := range detail.GetFieldViolations() {
				if name, ok := names[v.GetField()]; ok {
					message = strings.Replace(message, v.GetField()+": "+v.GetDescription(), name+": "+v.GetDescription(), 1)
					v.Field = name
				}
			}
			details = append(details, detail)
		case protoadapt.MessageV1:
			details = append(details, detail)
		}
	}
	again, err := status.New(s.Code(), message).WithDetails(details...)
	if err != nil {
		return s
	}
	return again
}
