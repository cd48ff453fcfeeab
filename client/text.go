package client

import (
	"context"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"dalil/proto/wirejson"
)

// CheckText is an interceptor of clients. gRPC cannot send a request that has a string which is not valid UTF-8, and
// calls that an internal error. CheckText returns INVALID_ARGUMENT with the name of the field instead. [DialOptions] has
// it.
func CheckText(ctx context.Context, method string, request, answer any, c *grpc.ClientConn, call grpc.UnaryInvoker, opts ...grpc.CallOption) error {
	err := call(ctx, method, request, answer, c, opts...)
	m, ok := request.(proto.Message)
	if status.Code(err) != codes.Internal || !ok {
		return err
	}
	field := wirejson.NotUTF8(m)
	if field == "" {
		return err
	}
	const description = "is not valid UTF-8"
	refused := status.New(codes.InvalidArgument, field+": "+description)
	detailed, problem := refused.WithDetails(
		&errdetails.ErrorInfo{Reason: "INVALID", Domain: "dalil", Metadata: map[string]string{"field": field}},
		&errdetails.BadRequest{FieldViolations: []*errdetails.BadRequest_FieldViolation{{Field: field, Description: description}}},
	)
	if problem != nil {
		return refused.Err()
	}
	return detailed.Err()
}
