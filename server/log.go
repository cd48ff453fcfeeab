package server

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

func (r *serving) logUnary(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	start := time.Now()
	answer, err := handler(ctx, req)
	r.log(ctx, info.FullMethod, start, err)
	return answer, err
}

func (r *serving) logStream(srv any, s grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	start := time.Now()
	err := handler(srv, s)
	r.log(s.Context(), info.FullMethod, start, err)
	return err
}

// log writes one line per call. Successful calls and mistakes of the caller are at
// debug level. What an operator must know is at a higher level, with its cause.
// Requests, answers and the texts of caller mistakes are never logged, because they
// contain questions and passages.
func (r *serving) log(ctx context.Context, method string, start time.Time, err error) {
	code := status.Code(err)
	level := levels[code]
	if !r.options.Log.Enabled(ctx, level) {
		return
	}
	attributes := make([]slog.Attr, 0, 8)
	attributes = append(attributes, slog.String("code", code.String()), slog.Duration("duration", time.Since(start)))
	var f *failure
	if errors.As(err, &f) {
		attributes = append(attributes, slog.String("reason", f.reason))
		if f.incident != "" {
			attributes = append(attributes, slog.String("incident", f.incident))
		}
		if level > slog.LevelDebug {
			attributes = append(attributes, slog.String("cause", f.cause.Error()))
		}
		var p *panicked
		if errors.As(f.cause, &p) {
			attributes = append(attributes, slog.String("stack", string(p.stack)))
		}
	}
	if id := requestID(ctx); id != "" {
		attributes = append(attributes, slog.String("request_id", id))
	}
	if r.options.Authenticator != nil {
		attributes = entryOf(ctx).named(attributes)
	}
	if _, known := rights[method]; known { // any other name comes from the caller
		attributes = append(attributes, slog.String("method", method))
	}
	r.options.Log.LogAttrs(ctx, level, "call", attributes...)
}

// requestID returns the x-request-id that a caller sent; "" if there is none, or if
// it has more than 128 characters or others than letters, digits and "._-".
func requestID(ctx context.Context) string {
	ids := metadata.ValueFromIncomingContext(ctx, "x-request-id")
	if len(ids) != 1 || len(ids[0]) > 128 || strings.ContainsFunc(ids[0], func(r rune) bool { return !strings.ContainsRune(idCharacters, r) }) {
		return ""
	}
	return ids[0]
}

const idCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"

// levels has the log levels of the codes that concern the operator.
var levels = map[codes.Code]slog.Level{
	codes.OK: slog.LevelDebug, codes.Canceled: slog.LevelDebug, codes.InvalidArgument: slog.LevelDebug,
	codes.NotFound: slog.LevelDebug, codes.Aborted: slog.LevelDebug, codes.Unimplemented: slog.LevelDebug,
	codes.Unauthenticated: slog.LevelDebug, codes.PermissionDenied: slog.LevelDebug,
	codes.FailedPrecondition: slog.LevelWarn, codes.DeadlineExceeded: slog.LevelWarn,
	codes.ResourceExhausted: slog.LevelWarn, codes.Unavailable: slog.LevelWarn,
	codes.Internal: slog.LevelError, codes.DataLoss: slog.LevelError, codes.Unknown: slog.LevelError,
}
