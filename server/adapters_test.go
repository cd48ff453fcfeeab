package server_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"dalil/corpus"
	"dalil/embedder"
	"dalil/embedder/endpoint"
	"dalil/embedder/openai"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/server"
	"dalil/store"
	"dalil/store/local"
	"dalil/store/qdrant"
	"dalil/store/qdrant/standin"
)

// secret is text of an SDK or a provider that no caller may read.
const secret = "secret-internals"

// TestAdaptersErrorsBecomeCodes asks the mapping with errors that the real
// adapters produce, not with ones made up here.
func TestAdaptersErrorsBecomeCodes(t *testing.T) {
	unavailable := refusal{Code: codes.Unavailable, Reason: "UNAVAILABLE", Retry: true}
	exhausted := refusal{Code: codes.ResourceExhausted, Reason: "EXHAUSTED", Retry: true}
	denied := refusal{Code: codes.FailedPrecondition, Reason: "DENIED"}
	for _, test := range []struct {
		name string
		err  func(*testing.T) error
		want refusal
	}{
		{"local: no such document", localError(func(t *testing.T, s store.Store, _ string) error {
			_, err := s.Document(t.Context(), "absent")
			return err
		}), refusal{Code: codes.NotFound, Reason: "NOT_FOUND"}},
		{"local: nothing indexed", localError(func(t *testing.T, s store.Store, _ string) error {
			_, err := s.Settings(t.Context())
			return err
		}), refusal{Code: codes.FailedPrecondition, Reason: "NOT_READY"}},
		{"local: a malformed arm", localError(func(t *testing.T, s store.Store, _ string) error {
			if _, err := s.Create(t.Context(), store.Settings{Pipeline: pipeline, AverageLength: 1}); err != nil {
				t.Fatal(err)
			}
			_, err := s.Search(t.Context(), []store.ArmQuery{{}})
			return err
		}), refusal{Code: codes.InvalidArgument, Reason: "INVALID", Fields: []string{"arm"}}},
		{"local: closed", localError(func(t *testing.T, s store.Store, _ string) error {
			s.Close()
			return s.Ready(t.Context())
		}), unavailable},
		{"local: another pipeline", localError(func(t *testing.T, s store.Store, dir string) error {
			if _, err := s.Create(t.Context(), store.Settings{Pipeline: pipeline, AverageLength: 1}); err != nil {
				t.Fatal(err)
			}
			s.Close()
			other := pipeline
			other.Model = "another"
			_, err := local.Open(t.Context(), local.Options{Dir: dir, Pipeline: other})
			return err
		}), refusal{Code: codes.FailedPrecondition, Reason: "MODEL_MISMATCH"}},
		{"local: a damaged database", localError(func(t *testing.T, s store.Store, dir string) error {
			s.Close()
			return damaged(t, dir)
		}), refusal{Code: codes.DataLoss, Reason: "CORRUPT", Incident: true}},
		{"qdrant: down", qdrantError(codes.Unavailable), unavailable},
		{"qdrant: slow", qdrantError(codes.DeadlineExceeded), unavailable},
		{"qdrant: wrong key", qdrantError(codes.Unauthenticated), denied},
		{"qdrant: no such collection", qdrantError(codes.NotFound), refusal{Code: codes.FailedPrecondition, Reason: "MISSING"}},
		{"qdrant: full", qdrantError(codes.ResourceExhausted), exhausted},
		{"qdrant: wrong key", qdrantError(codes.Unauthenticated), denied},
		{"qdrant: not allowed", qdrantError(codes.PermissionDenied), denied},
		{"qdrant: the collection is gone", qdrantError(codes.NotFound), refusal{Code: codes.FailedPrecondition, Reason: "MISSING"}},
		{"qdrant: a fault of its own", qdrantError(codes.Unknown), refusal{Code: codes.Internal, Reason: "INTERNAL", Incident: true}},
		{"openai: wrong key", openaiError(401), denied},
		{"openai: no such model", openaiError(404), denied},
		{"openai: down", openaiError(503), unavailable},
		{"openai: too much asked", openaiError(429), exhausted},
		{"openai: text too long", openaiError(413), refusal{Code: codes.InvalidArgument, Reason: "INVALID"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			fault := test.err(t)
			if fault == nil {
				t.Fatal("the adapter gave no error")
			}
			h := newBackend()
			h.search = func(context.Context, corpus.Query) (corpus.Answer, error) {
				return corpus.Answer{}, fmt.Errorf("search: %w", fault)
			}
			h.ingest = failing(fault)
			r := serve(t, h, server.Options{})
			_, err := r.search.Search(t.Context(), &dalilv1.SearchRequest{Query: "q"})
			if diff := cmp.Diff(test.want, refusalOf(err)); diff != "" {
				t.Errorf("%v became %v (-want +got):\n%s", fault, err, diff)
			}
			receipts, err := ingestAll(t.Context(), r, document("a", "t"))
			if err != nil {
				t.Fatal(err)
			}
			failure := receipts[0].GetReceipt().GetFailure()
			if got := strings.TrimPrefix(failure.GetReason().String(), "ERROR_REASON_"); got != test.want.Reason || failure.GetRetryable() != test.want.Retry {
				t.Errorf("%v became the failure %v", fault, failure)
			}
			if shown := fmt.Sprint(status.Convert(err).Message(), failure); strings.Contains(shown, secret) || strings.Contains(shown, "127.0.0.1") {
				t.Errorf("a caller reads %s", shown)
			}
			if strings.Contains(fault.Error(), secret) && !strings.Contains(r.log.String(), secret) && test.want.Code != codes.InvalidArgument {
				t.Errorf("the log does not hold the cause %v:\n%s", fault, r.log.String())
			}
		})
	}
}

func failing(fault error) func(context.Context, <-chan corpus.Raw, func(int, corpus.Receipt)) error {
	return func(_ context.Context, raws <-chan corpus.Raw, report func(int, corpus.Receipt)) error {
		i := 0
		for range raws {
			report(i, corpus.Receipt{Outcome: corpus.Failed, Err: fault})
			i++
		}
		return nil
	}
}

var pipeline = corpus.Pipeline{Model: "m", ModelRevision: "1", Dimensions: 4, Analyzer: "a", Chunker: "c"}

func localError(provoke func(*testing.T, store.Store, string) error) func(*testing.T) error {
	return func(t *testing.T) error {
		dir := t.TempDir()
		s, err := local.Open(t.Context(), local.Options{Dir: dir, Pipeline: pipeline})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		return provoke(t, s, dir)
	}
}

// damaged overwrites the database of a closed store and opens it.
func damaged(t *testing.T, dir string) error {
	found, err := filepath.Glob(filepath.Join(dir, "*", "dalil.db"))
	if err != nil || len(found) != 1 {
		t.Fatalf("databases: %v, %v", found, err)
	}
	if err := os.WriteFile(found[0], []byte(strings.Repeat("this is not a database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := local.Open(t.Context(), local.Options{Dir: dir, Pipeline: pipeline})
	if err == nil {
		s.Close()
	}
	return err
}

// qdrantError is what a store gives whose Qdrant answers with the code.
func qdrantError(code codes.Code) func(*testing.T) error {
	return func(t *testing.T) error {
		var failing atomic.Bool
		running := standin.Start(t, standin.Options{Before: func(context.Context, string, any) error {
			if failing.Load() {
				return status.Error(code, secret)
			}
			return nil
		}})
		s, err := qdrant.Open(t.Context(), qdrant.Options{
			Server: qdrant.Server{Address: running.Address(), Timeout: time.Second}, Alias: "news", Pipeline: pipeline,
			RefreshVocabulary: time.Hour, Log: slog.New(slog.DiscardHandler),
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		if _, err := s.Create(t.Context(), store.Settings{Pipeline: pipeline, AverageLength: 1, CreatedAt: time.Unix(1, 0)}); err != nil {
			t.Fatal(err)
		}
		failing.Store(true)
		_, err = s.Search(t.Context(), []store.ArmQuery{{Dense: corpus.Vector{1, 0, 0, 0}, Limit: 1}})
		failing.Store(false)
		return err
	}
}

// openaiError is what an adapter gives whose endpoint answers with the code.
func openaiError(code int) func(*testing.T) error {
	return func(t *testing.T) error {
		stand := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(code)
			json.NewEncoder(w).Encode(map[string]any{"error": map[string]string{"message": secret}})
		}))
		t.Cleanup(stand.Close)
		e, err := openai.New(openai.Options{
			Endpoint: endpoint.Options{URL: stand.URL, Key: "k"}, Model: "m", Dimensions: 4,
		})
		if err != nil {
			t.Fatal(err)
		}
		_, err = e.Embed(t.Context(), embedder.Query, []string{"q"})
		return err
	}
}

// TestAForeignStatusDoesNotWin has a dependency's own gRPC status in the chain.
func TestAForeignStatusDoesNotWin(t *testing.T) {
	h := newBackend()
	var fault error
	h.search = func(context.Context, corpus.Query) (corpus.Answer, error) { return corpus.Answer{}, fault }
	r := serve(t, h, server.Options{})
	foreign := status.Error(codes.NotFound, "Not found: Collection `"+secret+"` doesn't exist!")
	for _, test := range []struct {
		err  error
		want refusal
	}{
		{foreign, refusal{Code: codes.Internal, Reason: "INTERNAL", Incident: true}},
		{fmt.Errorf("%w: %w", corpus.ErrMissing, foreign), refusal{Code: codes.FailedPrecondition, Reason: "MISSING"}},
		{fmt.Errorf("%w: %w", corpus.ErrDenied, foreign), refusal{Code: codes.FailedPrecondition, Reason: "DENIED"}},
		{fmt.Errorf("%w: %w", corpus.ErrUnavailable, foreign), refusal{Code: codes.Unavailable, Reason: "UNAVAILABLE", Retry: true}},
	} {
		fault = test.err
		_, err := r.search.Search(t.Context(), &dalilv1.SearchRequest{Query: "q"})
		if diff := cmp.Diff(test.want, refusalOf(err)); diff != "" || strings.Contains(err.Error(), secret) {
			t.Errorf("%v became %v (-want +got):\n%s", fault, err, diff)
		}
	}
	if n := strings.Count(r.log.String(), secret); n != 4 {
		t.Errorf("the log holds the cause %d times, want 4:\n%s", n, r.log.String())
	}
}
