package server

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"
	"google.golang.org/protobuf/types/known/durationpb"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

// Failures that begin in the server itself.
var (
	errUnknownMethod = errors.New("unknown method")
	errDraining      = errors.New("the server is shutting down")
	errStalled       = errors.New("the client stopped reading or sending")
)

// kind is what a failure looks like from outside. The message is fixed: causes
// name files, addresses and other people's data, and stay in the log.
type kind struct {
	code    codes.Code
	reason  dalilv1.ErrorReason
	message string
	retry   time.Duration // when to try again; 0: that does not help
}

var internal = kind{codes.Internal, dalilv1.ErrorReason_ERROR_REASON_INTERNAL, "internal error", 0}

// kinds maps what a cause is to what the caller sees; the first match counts.
var kinds = []struct {
	cause error
	kind  kind
}{
	{errUnknownMethod, kind{codes.Unimplemented, dalilv1.ErrorReason_ERROR_REASON_UNSUPPORTED, "unknown method", 0}},
	{errDraining, kind{
		codes.Unavailable, dalilv1.ErrorReason_ERROR_REASON_SHUTTING_DOWN,
		"the server is shutting down; send what has no receipt again", time.Second,
	}},
	{errStalled, kind{codes.Aborted, dalilv1.ErrorReason_ERROR_REASON_STALLED, errStalled.Error(), 0}},
	{corpus.ErrInvalid, kind{codes.InvalidArgument, dalilv1.ErrorReason_ERROR_REASON_INVALID, "the input was refused", 0}},
	{corpus.ErrNotFound, kind{codes.NotFound, dalilv1.ErrorReason_ERROR_REASON_NOT_FOUND, "not found", 0}},
	{corpus.ErrModelMismatch, kind{
		codes.FailedPrecondition, dalilv1.ErrorReason_ERROR_REASON_MODEL_MISMATCH,
		"the index was built by another model or pipeline than the one that runs", 0,
	}},
	{corpus.ErrNotReady, kind{codes.FailedPrecondition, dalilv1.ErrorReason_ERROR_REASON_NOT_READY, "nothing is indexed yet", 0}},
	{corpus.ErrLocked, kind{codes.Unavailable, dalilv1.ErrorReason_ERROR_REASON_LOCKED, "another process holds the index", 5 * time.Second}},
	{corpus.ErrExhausted, kind{codes.ResourceExhausted, dalilv1.ErrorReason_ERROR_REASON_EXHAUSTED, "disk, memory or quota are used up", 30 * time.Second}},
	{corpus.ErrConflict, kind{codes.Aborted, dalilv1.ErrorReason_ERROR_REASON_CONFLICT, "a newer write won", 100 * time.Millisecond}},
	{corpus.ErrCorrupt, kind{codes.DataLoss, dalilv1.ErrorReason_ERROR_REASON_CORRUPT, "stored data can't be read back", 0}},
	{corpus.ErrUnsupported, kind{codes.Unimplemented, dalilv1.ErrorReason_ERROR_REASON_UNSUPPORTED, "this server can't do it", 0}},
	{corpus.ErrUnavailable, kind{codes.Unavailable, dalilv1.ErrorReason_ERROR_REASON_UNAVAILABLE, "something that the server needs does not answer", time.Second}},
	// A timeout that is not the call's own is some dependency's.
	{context.DeadlineExceeded, kind{codes.Unavailable, dalilv1.ErrorReason_ERROR_REASON_UNAVAILABLE, "something that the server needs does not answer", time.Second}},
	{context.Canceled, kind{codes.Canceled, dalilv1.ErrorReason_ERROR_REASON_CANCELLED, "the call was cancelled", 0}},
}

// classify tells the kind of a failure.
func classify(err error) kind {
	var invalid *corpus.InvalidError
	var over *ended
	var large *tooLarge
	var refused *corpus.RefusedError
	switch {
	case errors.As(err, &invalid):
		return kind{codes.InvalidArgument, dalilv1.ErrorReason_ERROR_REASON_INVALID, invalid.Error(), 0}
	case errors.As(err, &refused):
		return kind{codes.FailedPrecondition, dalilv1.ErrorReason_ERROR_REASON_CONFLICT, refused.Reason, 0}
	case errors.As(err, &over):
		// Whatever else went wrong, it did because the call's time was over.
		if errors.Is(over.by, context.DeadlineExceeded) {
			return kind{codes.DeadlineExceeded, dalilv1.ErrorReason_ERROR_REASON_DEADLINE, "the call's time is up", 0}
		}
		return kind{codes.Canceled, dalilv1.ErrorReason_ERROR_REASON_CANCELLED, "the call was cancelled", 0}
	case errors.As(err, &large):
		return kind{codes.ResourceExhausted, dalilv1.ErrorReason_ERROR_REASON_TOO_LARGE, large.message, 0}
	}
	for _, k := range kinds {
		if errors.Is(err, k.cause) {
			return k.kind
		}
	}
	return internal
}

// failure is an error as the caller sees it, with its cause for the log.
type failure struct {
	status   *status.Status
	reason   string
	incident string // of an internal error: the same in answer and log
	cause    error
}

func (f *failure) Error() string              { return f.status.String() }
func (f *failure) GRPCStatus() *status.Status { return f.status }
func (f *failure) Unwrap() error              { return f.cause }

// toStatus is the only place where errors become gRPC codes.
func toStatus(err error) error {
	if err == nil {
		return nil
	}
	var f *failure
	if errors.As(err, &f) {
		return err
	}
	if s, ok := status.FromError(err); ok {
		// grpc's own, of streams that broke off, and of the health service.
		return &failure{status: s, reason: reasonOf(s.Code()), cause: err}
	}
	k := classify(err)
	f = &failure{reason: reasonName(k.reason), cause: err}
	about := &errdetails.ErrorInfo{Reason: f.reason, Domain: "dalil"}
	details := []protoadapt.MessageV1{about}
	if k.code == codes.Internal || k.code == codes.DataLoss {
		f.incident = incident()
		about.Metadata = map[string]string{"incident": f.incident}
	}
	var invalid *corpus.InvalidError
	if errors.As(err, &invalid) {
		bad := &errdetails.BadRequest{}
		for _, v := range invalid.Violations {
			bad.FieldViolations = append(bad.FieldViolations, &errdetails.BadRequest_FieldViolation{
				Field: valid(v.Field), Description: valid(v.Description),
			})
		}
		details = append(details, bad)
	}
	if k.retry > 0 {
		details = append(details, &errdetails.RetryInfo{RetryDelay: durationpb.New(k.retry)})
	}
	f.status = status.New(k.code, valid(k.message))
	if detailed, err := f.status.WithDetails(details...); err == nil {
		f.status = detailed
	}
	return f
}

// toFailure tells the same of one document of a stream.
func toFailure(err error) *dalilv1.Failure {
	if err == nil {
		err = errors.New("failed without a reason")
	}
	k := classify(err)
	f := &dalilv1.Failure{Reason: k.reason, Message: valid(k.message), Retryable: k.retry > 0}
	var invalid *corpus.InvalidError
	if errors.As(err, &invalid) {
		for _, v := range invalid.Violations {
			f.Violations = append(f.Violations, &dalilv1.FieldViolation{Field: valid(v.Field), Description: valid(v.Description)})
		}
	}
	return f
}

func reasonName(r dalilv1.ErrorReason) string { return strings.TrimPrefix(r.String(), "ERROR_REASON_") }

func reasonOf(code codes.Code) string {
	for _, k := range kinds {
		if k.kind.code == code {
			return reasonName(k.kind.reason)
		}
	}
	return reasonName(internal.reason)
}

// valid makes a message fit for the wire: what quotes a caller's bytes may not
// be UTF-8.
func valid(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }

func incident() string {
	var b [6]byte
	rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

func statusUnary(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	answer, err := handler(ctx, req)
	return answer, toStatus(err)
}

func statusStream(srv any, s grpc.ServerStream, _ *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	return toStatus(handler(srv, s))
}
