package server

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"
	"google.golang.org/protobuf/types/known/durationpb"

	"dalil/access"
	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

// Failures that arise in the server itself.
var (
	errUnknownMethod = errors.New("unknown method")
	errDraining      = errors.New("the server is shutting down")
	errStalled       = errors.New("the client stopped reading or sending")
)

// Keys of the metadata of google.rpc.ErrorInfo.
const (
	CredentialDetail = "credential" // why a call is not authenticated: a value of access.Reason
	ScopeDetail      = "scope"      // the scope that the caller lacks
)

// lacking is the refusal of a caller without a scope.
type lacking struct {
	error
	scope corpus.Scope
}

func (l *lacking) Unwrap() error { return l.error }

// said is a failure that arises in the server and whose text any caller may read.
type said struct {
	kind
	cause error // cause, for the log only; may be nil
}

func (e *said) Error() string {
	if e.cause != nil {
		return e.message + ": " + e.cause.Error()
	}
	return e.message
}

func (e *said) Unwrap() error { return e.cause }

// tooLarge is the error of a message that is larger than its method accepts.
func tooLarge(message string) error {
	return &said{kind{codes.ResourceExhausted, dalilv1.ErrorReason_ERROR_REASON_TOO_LARGE, message, 0}, nil}
}

// noSuch adds the name of the document or collection to an error that says that it
// does not exist.
func noSuch(thing, id string, err error) error {
	of := corpus.KindOf(err)
	if id == "" || of != corpus.ErrNotFound && of != corpus.ErrMissing {
		return err
	}
	if of == corpus.ErrMissing && thing != "collection" {
		return err // the error is not about a document
	}
	k := kinds[of]
	k.message = fmt.Sprintf("there is no %s %q", thing, id)
	return &said{k, err}
}

// failure is an error as the caller gets it, with its cause for the log.
type failure struct {
	status   *status.Status
	reason   string
	incident string // number of an internal error, the same in answer and log
	cause    error
}

func (f *failure) Error() string              { return f.status.String() }
func (f *failure) GRPCStatus() *status.Status { return f.status }
func (f *failure) Unwrap() error              { return f.cause }

// toStatus converts any error to a failure. A gRPC status in the error chain
// belongs to a dependency and is not passed to the caller. A status of this
// server's own transport is a *transport.
func toStatus(err error) error {
	if err == nil {
		return nil
	}
	var f *failure
	if errors.As(err, &f) {
		return f
	}
	var t *transport
	if errors.As(err, &t) {
		return &failure{status: t.status, reason: reasonOf(t.status.Code()), cause: err}
	}
	k, unknown := outcome(classify(err), err)
	f = &failure{reason: reasonName(k.reason), cause: err}
	about := &errdetails.ErrorInfo{Reason: f.reason, Domain: "dalil", Metadata: map[string]string{}}
	if unknown {
		about.Metadata["outcome"] = "unknown"
	}
	if reason := access.ReasonOf(err); reason != "" && k.code == codes.Unauthenticated {
		about.Metadata[CredentialDetail] = string(reason)
	}
	var short *lacking
	if errors.As(err, &short) {
		about.Metadata[ScopeDetail] = strings.Join(short.scope.Names(), " ")
	}
	details := []protoadapt.MessageV1{about}
	if k.code == codes.Internal || k.code == codes.DataLoss {
		f.incident = incident()
		about.Metadata["incident"] = f.incident
	}
	if found := violations(k, err); len(found) > 0 {
		bad := &errdetails.BadRequest{}
		for _, v := range found {
			bad.FieldViolations = append(bad.FieldViolations, &errdetails.BadRequest_FieldViolation{
				Field: valid(v.Field), Description: valid(v.Description),
			})
		}
		details = append(details, bad)
		for name, value := range map[string]string{"field": found[0].Field, "limit": found[0].Limit, "got": found[0].Got} {
			if value != "" {
				about.Metadata[name] = valid(value)
			}
		}
	}
	var over *corpus.QuotaError
	if errors.As(err, &over) {
		about.Metadata["limit"], about.Metadata["used"] = fmt.Sprint(over.Limit), fmt.Sprint(over.Used)
		details = append(details, &errdetails.QuotaFailure{Violations: []*errdetails.QuotaFailure_Violation{{
			Subject: over.Subject(), Description: over.Description(),
		}}})
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

// violations returns the violations of an invalid input.
func violations(k kind, err error) []corpus.Violation {
	var invalid *corpus.InvalidError
	if k.reason == dalilv1.ErrorReason_ERROR_REASON_INVALID && errors.As(err, &invalid) {
		return invalid.Violations
	}
	return nil
}

// outcome adds to the message that the write may have taken effect, if that is
// possible.
func outcome(k kind, err error) (kind, bool) {
	var unknown *corpus.UnknownError
	if !errors.As(err, &unknown) {
		return k, false
	}
	k.message += "; it is not known whether this was written, so send it again"
	return k, true
}

// toFailure does for one document of a stream what toStatus does for a call.
func toFailure(err error) *dalilv1.Failure {
	if err == nil {
		err = errors.New("failed without a reason")
	}
	k, unknown := outcome(classify(err), err)
	f := &dalilv1.Failure{Reason: k.reason, Message: valid(k.message), Retryable: k.retry > 0, OutcomeUnknown: unknown}
	for _, v := range violations(k, err) {
		f.Violations = append(f.Violations, &dalilv1.FieldViolation{
			Field: valid(v.Field), Description: valid(v.Description), Limit: valid(v.Limit), Got: valid(v.Got),
		})
	}
	return f
}

func reasonName(r dalilv1.ErrorReason) string { return strings.TrimPrefix(r.String(), "ERROR_REASON_") }

func reasonOf(code codes.Code) string {
	switch code {
	case codes.Canceled:
		return reasonName(cancelled.reason)
	case codes.DeadlineExceeded:
		return reasonName(late.reason)
	case codes.ResourceExhausted:
		return reasonName(dalilv1.ErrorReason_ERROR_REASON_TOO_LARGE)
	case codes.NotFound:
		return reasonName(dalilv1.ErrorReason_ERROR_REASON_NOT_FOUND)
	case codes.Unavailable:
		return reasonName(unanswered.reason)
	}
	return reasonName(internal.reason)
}

// valid makes a message valid UTF-8, because it may quote bytes of a caller that
// are not.
func valid(s string) string {
	if utf8.ValidString(s) { // several times as fast as the next call
		return s
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

func incident() string {
	var b [6]byte
	rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// transport is a status of the gRPC library itself: of a broken stream, or of its
// health and reflection services.
type transport struct{ status *status.Status }

func (t *transport) Error() string { return t.status.String() }

// broken marks the status of a broken stream as one of the transport.
func broken(err error) error {
	if err == nil || errors.Is(err, io.EOF) {
		return err
	}
	if s, ok := status.FromError(err); ok {
		return &transport{s}
	}
	return err
}

func statusUnary(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	answer, err := handler(ctx, req)
	if foreign(info.FullMethod) {
		err = broken(err)
	}
	return answer, toStatus(err)
}

func statusStream(srv any, s grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	err := handler(srv, s)
	if foreign(info.FullMethod) && !errors.Is(err, errUnknownMethod) {
		err = broken(err)
	}
	return toStatus(err)
}
