package qdrant

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	sdk "github.com/qdrant/go-client/qdrant"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"dalil/corpus"
)

// translate gives an error of the server its kind. It keeps the SDK's error as text
// only, so that a status of Qdrant cannot be mistaken for one of Dalil.
func (s *Store) translate(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	var own *corpus.Error
	if errors.As(err, &own) {
		return err
	}
	said := corpus.Foreign(err)
	if cause := ctx.Err(); cause != nil {
		return s.unanswered(cause)
	}
	address := s.options.Address
	var limited *sdk.QdrantResourceExhaustedError
	if errors.As(err, &limited) {
		return &limitedError{error: corpus.Errorf(corpus.ErrExhausted, "Qdrant at %s limits the rate of requests: %w", address, said), seconds: limited.RetryAfterS}
	}
	switch code := status.Code(err); code {
	case codes.DeadlineExceeded:
		// The server knows the deadline too, and its timer may be a little early.
		if deadline, set := ctx.Deadline(); set && time.Until(deadline) < earlyTimer {
			return s.unanswered(context.DeadlineExceeded)
		}
		return corpus.Errorf(corpus.ErrUnavailable, "Qdrant at %s did not answer within %v", address, s.options.Timeout)
	case codes.Unavailable, codes.Canceled, codes.Aborted, codes.Internal:
		if containsFold(said.Error(), "no space left") {
			return corpus.Errorf(corpus.ErrExhausted, "the disk of Qdrant at %s is full: %w", address, said)
		}
		if hint := tlsHint(said.Error(), s.options.TLS); hint != "" {
			return corpus.Errorf(corpus.ErrUnavailable, "Qdrant at %s: %s: %w", address, hint, said)
		}
		if _, cause, ok := strings.Cut(said.Error(), "Error while dialing: "); ok {
			return corpus.Errorf(corpus.ErrUnavailable, "Qdrant at %s (store.address) cannot be reached: %s", address, strings.TrimRight(cause, `"`))
		}
		// A node that cannot reach another node answers INTERNAL.
		return corpus.Errorf(corpus.ErrUnavailable, "Qdrant at %s: %w", address, said)
	case codes.ResourceExhausted:
		return corpus.Errorf(corpus.ErrExhausted, "Qdrant at %s: %w", address, said)
	case codes.NotFound: // about a collection or an alias; points that do not exist are no error
		return corpus.Errorf(corpus.ErrMissing, "Qdrant at %s: %w", address, said)
	case codes.Unauthenticated, codes.PermissionDenied:
		return corpus.Errorf(corpus.ErrDenied, "Qdrant at %s refuses the API key (store.key): %w", address, said)
	case codes.InvalidArgument, codes.FailedPrecondition, codes.OutOfRange:
		return refusedBy(address, said)
	case codes.Unimplemented:
		return corpus.Errorf(corpus.ErrUnsupported, "Qdrant at %s: %w", address, said)
	}
	return corpus.Errorf(corpus.ErrInternal, "Qdrant at %s: %w", address, said)
}

// earlyTimer is how long before the caller's deadline the server may say that it is
// over.
const earlyTimer = 100 * time.Millisecond

// unanswered returns the error of a call that the caller cancelled, or whose deadline passed.
func (s *Store) unanswered(cause error) error {
	return fmt.Errorf("%w before Qdrant at %s had answered", cause, s.options.Address)
}

// limitedError is the error of a rate limit, with the seconds after which it ends.
type limitedError struct {
	error
	seconds int
}

func (e *limitedError) Unwrap() error { return e.error }

// refusedBy gives the error of a refused request its kind. Dalil's requests are
// well formed, so the cause is a limit of the collection or a changed layout.
func refusedBy(address string, said error) error {
	text := strings.ToLower(said.Error())
	has := func(part string) bool { return strings.Contains(text, part) }
	switch {
	case has("upsert limit") || has("update limit"):
		return corpus.Errorf(corpus.ErrExhausted, "Qdrant at %s accepts fewer points at a time (strict mode, upsert_max_batchsize): %w", address, said)
	case has("points count limit"), has("vector storage size limit"), has("payload storage size limit"):
		return corpus.Errorf(corpus.ErrExhausted, "the collection is full: Qdrant's strict mode allows no more (max_points_count, max_collection_vector_size_bytes or max_collection_payload_size_bytes): %w", said)
	case has("disk usage is at"), has("resident memory usage"):
		return corpus.Errorf(corpus.ErrExhausted, "Qdrant at %s is full (strict mode, max_disk_usage_percent or max_resident_memory_percent): %w", address, said)
	case has("index required") && (has(keyNumbers+".") || has(keyTimes+".")):
		return corpus.Errorf(corpus.ErrRefusedState, "Qdrant's strict mode allows filters on indexed keys only; add the metadata key to store.numbers: %w", said)
	case has("index required") && has(keyTexts):
		return corpus.Errorf(corpus.ErrRefusedState, "a filter by prefix needs unindexed_filtering_retrieve in the collection's strict_mode_config: %w", said)
	case has("index required"), has("no range index"), has("no appropriate index"):
		return corpus.Errorf(corpus.ErrRefusedState, "a payload index of the collection was removed; writing a new or changed document (\"dalil index PATH\") creates it again, unchanged documents do not: %w", said)
	case has("vector dimension error"), has("wrong vector dimension"):
		return corpus.Errorf(corpus.ErrModelMismatch, "the vectors of the collection have another size: %w", said)
	case has(". help: "), has("strict mode"):
		return corpus.Errorf(corpus.ErrRefusedState, "Qdrant's strict mode forbids what Dalil needs; raise the limit in the collection's strict_mode_config: %w", said)
	}
	return corpus.Errorf(corpus.ErrInternal, "Qdrant at %s refuses the request: %w", address, said)
}

// isBatchLimit reports whether a smaller batch may succeed.
func isBatchLimit(err error) bool {
	return corpus.KindOf(err) == corpus.ErrExhausted && !isFull(err)
}

// isFull reports whether the error is about missing space.
func isFull(err error) bool {
	return containsFold(err.Error(), " is full")
}

// tlsHint says what to do if one side uses TLS and the other does not.
func tlsHint(said string, encrypted bool) string {
	switch {
	case !encrypted && (containsFold(said, "error reading server preface") || containsFold(said, "first record does not look like") || containsFold(said, "http2: frame too large") || containsFold(said, "malformed HTTP response")):
		return "the answer is not unencrypted gRPC; if the server uses TLS, set store.tls=true"
	case encrypted && containsFold(said, "first record does not look like a TLS handshake"):
		return "the server does not use TLS; set store.tls=false, or enable TLS in the server"
	}
	return ""
}

func containsFold(text, part string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(part))
}

// lastError keeps one error.
type lastError struct {
	mu  sync.Mutex
	err error
}

func (l *lastError) set(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.err = err
}

func (l *lastError) get() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}
