package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"
	"google.golang.org/protobuf/types/known/durationpb"

	"dalil/proto/wirejson"
	"dalil/server"
)

// refusal is an error of the gateway itself.
type refusal struct {
	http    int // 0: as the code says
	code    codes.Code
	reason  string
	message string
	field   string        // of an invalid request; "": none
	retry   time.Duration // delay before the next try; 0: trying again does not help
	allow   []string      // the methods that the address has
}

var (
	errHost = &refusal{
		http: http.StatusForbidden, code: codes.PermissionDenied, reason: "FORBIDDEN",
		message: "this listener answers to localhost, 127.0.0.1 and ::1 only; the Host header has another name",
	}
	errOrigin = &refusal{
		http: http.StatusForbidden, code: codes.PermissionDenied, reason: "FORBIDDEN",
		message: "web pages of this origin must not write; the setting server.origins lists the origins that may",
	}
	errMediaType = &refusal{
		http: http.StatusUnsupportedMediaType, code: codes.InvalidArgument, reason: "INVALID", field: "header.content-type",
		message: "header.content-type: must be application/json (curl has --json), or application/x-ndjson for /v1/documents:ingest; in UTF-8",
	}
	errNoAddress = &refusal{
		code: codes.NotFound, reason: "UNSUPPORTED", message: "there is no such address; /docs shows all addresses, and /openapi.json lists them",
	}
	// errClosed is errNoAddress where the API is not described.
	errClosed = &refusal{code: codes.NotFound, reason: "UNSUPPORTED", message: "there is no such address"}
	errQuery  = invalid("address", "has a query that cannot be read: it has a semicolon, or a percent sign that no two hexadecimal digits follow")
	errBusy   = &refusal{
		code: codes.ResourceExhausted, reason: "OVERLOADED", message: "too many large requests are being read", retry: time.Second,
	}
)

func notAllowed(verbs []string) *refusal {
	plural := "methods"
	if len(verbs) == 1 {
		plural = "method"
	}
	return &refusal{
		http: http.StatusMethodNotAllowed, code: codes.Unimplemented, reason: "UNSUPPORTED",
		message: "this address has only the " + plural + " " + strings.Join(verbs, ", "), allow: verbs,
	}
}

func invalid(field, description string) *refusal {
	return &refusal{code: codes.InvalidArgument, reason: "INVALID", field: field, message: field + ": " + description}
}

func tooLarge(message string) *refusal {
	return &refusal{code: codes.ResourceExhausted, reason: reasonTooLarge, message: message}
}

const reasonTooLarge = "TOO_LARGE"

// status returns the refusal as gRPC has errors.
func (e *refusal) status() *status.Status {
	message, field := strings.ToValidUTF8(e.message, "\uFFFD"), strings.ToValidUTF8(e.field, "\uFFFD")
	about := &errdetails.ErrorInfo{Reason: e.reason, Domain: "dalil", Metadata: map[string]string{}}
	details := []protoadapt.MessageV1{about}
	if field != "" {
		about.Metadata["field"] = field
		details = append(details, &errdetails.BadRequest{FieldViolations: []*errdetails.BadRequest_FieldViolation{
			{Field: field, Description: strings.TrimPrefix(message, field+": ")},
		}})
	}
	if e.retry > 0 {
		details = append(details, &errdetails.RetryInfo{RetryDelay: durationpb.New(e.retry)})
	}
	s := status.New(e.code, message)
	if detailed, err := s.WithDetails(details...); err == nil {
		s = detailed
	}
	return s
}

// fail answers with the error of a call. The gateway's library calls it.
func (g *gateway) fail(_ context.Context, _ *runtime.ServeMux, _ runtime.Marshaler, w http.ResponseWriter, r *http.Request, err error) {
	var malformed *runtime.HTTPStatusError
	s := status.Convert(err)
	if errors.As(err, &malformed) {
		s = invalid("address", "has a percent sign that no two hexadecimal digits follow").status()
	}
	s = detailed(s)
	if a, ok := w.(*answer); ok {
		s = renamed(s, a.names)
	}
	code := httpCode(s)
	conditional := r.Header.Get("If-Match") != "" || r.Header.Get("If-None-Match") != ""
	if s.Code() == codes.Aborted && conditional {
		code = http.StatusPreconditionFailed
	}
	writeStatus(w, code, s)
}

// detailed gives an error of the gateway's library, or of the connection in memory, the details that errors of the
// server have.
func detailed(s *status.Status) *status.Status {
	if len(s.Details()) > 0 {
		return s
	}
	e := &refusal{code: s.Code(), message: s.Message()}
	switch s.Code() {
	case codes.InvalidArgument:
		e.reason = "INVALID"
		field, _, named := strings.Cut(e.message, ": ")
		if named {
			e.field = field
		}
	case codes.Unavailable:
		e.reason, e.message, e.retry = "SHUTTING_DOWN", "the server is shutting down", time.Second
	case codes.DeadlineExceeded:
		e.reason, e.message = "DEADLINE", "the call's deadline passed"
	case codes.Canceled:
		e.reason, e.message = "CANCELLED", "the call was cancelled"
	case codes.ResourceExhausted:
		e.reason, e.message = reasonTooLarge, "the answer is too large"
	default:
		e.code, e.reason, e.message = codes.Internal, "INTERNAL", "internal error"
	}
	return e.status()
}

// httpCode returns the status code of HTTP.
func httpCode(s *status.Status) int {
	if about := detail[*errdetails.ErrorInfo](s); about.GetReason() == reasonTooLarge {
		return http.StatusRequestEntityTooLarge
	}
	return runtime.HTTPStatusFromCode(s.Code())
}

// detail returns the first detail of a type, or its zero value.
func detail[T any](s *status.Status) T {
	for _, d := range s.Details() {
		if found, ok := d.(T); ok {
			return found
		}
	}
	var none T
	return none
}

func (a *answer) refuse(e *refusal) {
	s := e.status()
	code := e.http
	if code == 0 {
		code = httpCode(s)
	}
	if len(e.allow) > 0 {
		a.Header().Set("Allow", strings.Join(e.allow, ", "))
	}
	writeStatus(a, code, s)
}

// advise sets the header fields that say what a client can do about an error.
func advise(h http.Header, s *status.Status) {
	if retry := detail[*errdetails.RetryInfo](s); retry != nil {
		seconds := math.Ceil(retry.GetRetryDelay().AsDuration().Seconds())
		h.Set("Retry-After", strconv.Itoa(max(1, int(seconds))))
	}
	server.Challenge(h, s.Err())
}

// writeStatus answers with an error.
func writeStatus(w http.ResponseWriter, code int, s *status.Status) {
	advise(w.Header(), s)
	w.Header().Set("Content-Type", jsonType)
	w.WriteHeader(code)
	w.Write(append(statusJSON(s), '\n'))
}

// statusJSON is the google.rpc.Status of an error: {"code": …, "message": …, "details": […]}. A detail has its type as
// "@type".
func statusJSON(s *status.Status) []byte {
	form := struct {
		Code    codes.Code        `json:"code"`
		Message string            `json:"message"`
		Details []json.RawMessage `json:"details"`
	}{s.Code(), s.Message(), []json.RawMessage{}}
	for _, packed := range s.Proto().GetDetails() {
		m, err := packed.UnmarshalNew()
		if err != nil {
			continue // a type that this program does not have
		}
		fields, err := wirejson.Marshal(m)
		if err != nil {
			continue
		}
		head := `{"@type":"` + packed.GetTypeUrl() + `"`
		if len(fields) > len("{}") {
			head += ","
		}
		form.Details = append(form.Details, json.RawMessage(head+string(fields[1:])))
	}
	written, err := json.Marshal(form)
	if err != nil { // it always marshals
		return []byte(`{"code":13,"message":"internal error","details":[]}`)
	}
	return written
}
