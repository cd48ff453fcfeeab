package server_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"dalil/access"
	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/server"
)

// what each package's errors look like from outside.
var mappings = []struct {
	err  error
	want refusal
}{
	{corpus.Invalid("filter.published", "is odd"), refusal{Code: codes.InvalidArgument, Reason: "INVALID", Fields: []string{"filter.published"}}},
	{fmt.Errorf("embed: %w", corpus.ErrInvalid), refusal{Code: codes.InvalidArgument, Reason: "INVALID"}},
	{corpus.ErrNotFound, refusal{Code: codes.NotFound, Reason: "NOT_FOUND"}},
	{&corpus.MismatchError{}, refusal{Code: codes.FailedPrecondition, Reason: "MODEL_MISMATCH"}},
	{corpus.ErrLocked, refusal{Code: codes.Unavailable, Reason: "LOCKED", Retry: true}},
	{corpus.ErrExhausted, refusal{Code: codes.ResourceExhausted, Reason: "EXHAUSTED", Retry: true}},
	{&corpus.QuotaError{Tenant: "news", Resource: "bytes", Limit: 5, Used: 4, Wanted: 2}, refusal{Code: codes.ResourceExhausted, Reason: "EXHAUSTED"}},
	{corpus.ErrUnavailable, refusal{Code: codes.Unavailable, Reason: "UNAVAILABLE", Retry: true}},
	{corpus.ErrConflict, refusal{Code: codes.Aborted, Reason: "CONFLICT", Retry: true}},
	{corpus.ErrCorrupt, refusal{Code: codes.DataLoss, Reason: "CORRUPT", Incident: true}},
	{corpus.ErrUnsupported, refusal{Code: codes.Unimplemented, Reason: "UNSUPPORTED"}},
	{corpus.ErrNotReady, refusal{Code: codes.FailedPrecondition, Reason: "NOT_READY"}},
	{corpus.ErrMissing, refusal{Code: codes.FailedPrecondition, Reason: "MISSING"}},
	{corpus.ErrDenied, refusal{Code: codes.FailedPrecondition, Reason: "DENIED"}},
	{corpus.ErrUnauthenticated, refusal{Code: codes.Unauthenticated, Reason: "UNAUTHENTICATED"}},
	{corpus.ErrForbidden, refusal{Code: codes.PermissionDenied, Reason: "FORBIDDEN"}},
	{access.Refuse(access.Expired, "the key has expired"), refusal{Code: codes.Unauthenticated, Reason: "UNAUTHENTICATED"}},
	{access.Require(corpus.Principal{Scopes: corpus.ScopeSearch}, corpus.ScopeWrite), refusal{Code: codes.PermissionDenied, Reason: "FORBIDDEN"}},
	{corpus.Refused("it is in use"), refusal{Code: codes.FailedPrecondition, Reason: "REFUSED"}},
	{corpus.ErrInternal, refusal{Code: codes.Internal, Reason: "INTERNAL", Incident: true}},
	{&corpus.Error{Kind: corpus.ErrUnavailable, Cause: corpus.ErrNotFound}, refusal{Code: codes.Unavailable, Reason: "UNAVAILABLE", Retry: true}},
	{context.DeadlineExceeded, refusal{Code: codes.Unavailable, Reason: "UNAVAILABLE", Retry: true}}, // a dependency's, not the call's
	{errors.New("anything else"), refusal{Code: codes.Internal, Reason: "INTERNAL", Incident: true}},
}

func TestErrorsBecomeCodes(t *testing.T) {
	h := newBackend()
	var fault error
	h.search = func(context.Context, corpus.Query) (corpus.Answer, error) { return corpus.Answer{}, fault }
	h.ingest = func(ctx context.Context, raws <-chan corpus.Raw, report func(int, corpus.Receipt)) error {
		i := 0
		for range raws {
			report(i, corpus.Receipt{Outcome: corpus.Failed, Err: fault})
			i++
		}
		return nil
	}
	r := serve(t, h, server.Options{})
	for _, test := range mappings {
		t.Run(test.err.Error(), func(t *testing.T) {
			fault = fmt.Errorf("read /secret/path: %w", test.err)
			_, err := r.search.Search(t.Context(), &dalilv1.SearchRequest{Query: "q"})
			if diff := cmp.Diff(test.want, refusalOf(err)); diff != "" {
				t.Errorf("search: error %v (-want +got):\n%s", err, diff)
			}
			if strings.Contains(err.Error(), "/secret/path") {
				t.Errorf("a caller was sent the cause: %v", err)
			}
			// A document's failure is an upsert's error and a stream's receipt.
			document := &dalilv1.DocumentInput{DocumentId: "a", Content: &dalilv1.DocumentInput_Text{Text: "t"}}
			_, err = r.documents.UpsertDocument(t.Context(), &dalilv1.UpsertDocumentRequest{Document: document})
			if diff := cmp.Diff(test.want, refusalOf(err)); diff != "" {
				t.Errorf("upsert: error %v (-want +got):\n%s", err, diff)
			}
			receipts, err := ingestAll(t.Context(), r, document)
			if err != nil {
				t.Fatal(err)
			}
			failure := receipts[0].GetReceipt().GetFailure()
			got := refusal{Code: test.want.Code, Reason: strings.TrimPrefix(failure.GetReason().String(), "ERROR_REASON_"), Retry: failure.GetRetryable(), Incident: test.want.Incident}
			for _, v := range failure.GetViolations() {
				got.Fields = append(got.Fields, v.GetField())
			}
			if diff := cmp.Diff(test.want, got); diff != "" || strings.Contains(failure.GetMessage(), "/secret/path") || failure.GetMessage() == "" {
				t.Errorf("receipt: failure %v (-want +got):\n%s", failure, diff)
			}
		})
	}
}

func TestLogHasTheCauseAndNoText(t *testing.T) {
	h := newBackend()
	var fault error
	h.search = func(context.Context, corpus.Query) (corpus.Answer, error) {
		return corpus.Answer{Passages: []corpus.Passage{passage(1)}}, fault
	}
	r := serve(t, h, server.Options{})
	const question = "a question that nobody may read"
	ask := func(err error) error {
		fault = err
		_, err = r.search.Search(t.Context(), &dalilv1.SearchRequest{Query: question})
		return err
	}
	incident := ""
	for _, err := range []error{nil, errBoom, corpus.Invalid("query", "bad: "+question), fmt.Errorf("%w: disk of %s", corpus.ErrExhausted, errBoom)} {
		if got := status.Convert(ask(err)); got.Code() == codes.Internal {
			incident = incidentOf(got)
		}
	}
	r.search.Search(t.Context(), &dalilv1.SearchRequest{Query: question, PageToken: question})
	r.Invoke(t.Context(), "/"+question+"/Method", &dalilv1.SearchRequest{}, &dalilv1.SearchResponse{})
	log := r.log.String()
	if strings.Contains(log, question) || strings.Contains(log, "التعاون") || strings.Contains(log, "doc-01") {
		t.Errorf("the log tells what was asked or answered:\n%s", log)
	}
	if incident == "" || !strings.Contains(log, incident) {
		t.Errorf("the log does not tell incident %q:\n%s", incident, log)
	}
	if got := strings.Count(log, "/secret/path: boom"); got != 2 {
		t.Errorf("the log tells the cause %d times, want 2:\n%s", got, log)
	}
	if got := strings.Count(log, "msg=call"); got != 6 {
		t.Errorf("%d lines for 6 calls:\n%s", got, log)
	}
}

func incidentOf(s *status.Status) string {
	for _, d := range s.Details() {
		if info, ok := d.(interface{ GetMetadata() map[string]string }); ok {
			return info.GetMetadata()["incident"]
		}
	}
	return ""
}

func TestPanicsAreContained(t *testing.T) {
	h := newBackend()
	h.panicInfo = true
	h.search = func(_ context.Context, q corpus.Query) (corpus.Answer, error) { panic("while reading: " + q.Text) }
	h.ingest = func(_ context.Context, raws <-chan corpus.Raw, _ func(int, corpus.Receipt)) error {
		<-raws
		var none []int
		return fmt.Errorf("never %d", none[3])
	}
	r := serve(t, h, server.Options{})
	want := refusal{Code: codes.Internal, Reason: "INTERNAL", Incident: true}
	check := func(name string, err error) {
		if diff := cmp.Diff(want, refusalOf(err)); diff != "" {
			t.Errorf("%s: error %v (-want +got):\n%s", name, err, diff)
		}
	}
	_, err := r.search.Search(t.Context(), &dalilv1.SearchRequest{Query: "hidden words"})
	check("search", err)
	document := &dalilv1.DocumentInput{DocumentId: "a", Content: &dalilv1.DocumentInput_Text{Text: "t"}}
	_, err = r.documents.UpsertDocument(t.Context(), &dalilv1.UpsertDocumentRequest{Document: document})
	check("upsert", err)
	_, err = ingestAll(t.Context(), r, document)
	check("ingest", err)
	_, err = r.admin.GetInfo(t.Context(), &dalilv1.GetInfoRequest{})
	check("info", err)
	log := r.log.String()
	for _, refusal := range []string{"index out of range [3]", "assignment to entry in nil map", "backend_test.go", "cause=\"panic: string\""} {
		if !strings.Contains(log, refusal) {
			t.Errorf("the log does not tell %q:\n%s", refusal, log)
		}
	}
	if strings.Contains(log, "hidden words") {
		t.Errorf("the log tells a panic's text:\n%s", log)
	}
	h.panicInfo = false
	if _, err := r.admin.GetInfo(t.Context(), &dalilv1.GetInfoRequest{}); err != nil {
		t.Errorf("the server did not go on: %v", err)
	}
}

func TestDeadlines(t *testing.T) {
	h := newBackend()
	left := make(chan time.Duration, 1)
	h.search = func(ctx context.Context, q corpus.Query) (corpus.Answer, error) {
		deadline, _ := ctx.Deadline()
		left <- time.Until(deadline)
		if q.Text == "wait" {
			<-ctx.Done()
			return corpus.Answer{}, fmt.Errorf("%w: %w", corpus.ErrUnavailable, ctx.Err())
		}
		return corpus.Answer{}, nil
	}
	r := serve(t, h, server.Options{DefaultTimeout: time.Minute, MaxTimeout: time.Hour})
	search := func(ctx context.Context, text string) (time.Duration, error) {
		_, err := r.search.Search(ctx, &dalilv1.SearchRequest{Query: text})
		return <-left, err
	}
	between := func(name string, got, low, high time.Duration) {
		t.Helper()
		if got < low || got > high {
			t.Errorf("%s: the call had %v, want %v to %v", name, got, low, high)
		}
	}
	got, err := search(t.Context(), "q")
	between("no deadline", got, 50*time.Second, time.Minute)
	if err != nil {
		t.Error(err)
	}
	for name, test := range map[string]struct{ asked, low, high time.Duration }{
		"the caller's own":   {10 * time.Minute, 9 * time.Minute, 10 * time.Minute},
		"longer than may be": {24 * time.Hour, 59 * time.Minute, time.Hour},
	} {
		ctx, cancel := context.WithTimeout(t.Context(), test.asked)
		got, err := search(ctx, "q")
		cancel()
		between(name, got, test.low, test.high)
		if err != nil {
			t.Error(err)
		}
	}
}

func TestTimeIsUp(t *testing.T) {
	h := newBackend()
	h.search = func(ctx context.Context, _ corpus.Query) (corpus.Answer, error) {
		<-ctx.Done()
		return corpus.Answer{}, fmt.Errorf("%w: interrupted", corpus.ErrUnavailable)
	}
	// The client sets no deadline, so what it sees is the server's own answer.
	r := serve(t, h, server.Options{DefaultTimeout: 20 * time.Millisecond})
	_, err := r.search.Search(t.Context(), &dalilv1.SearchRequest{Query: "q"})
	if diff := cmp.Diff(refusal{Code: codes.DeadlineExceeded, Reason: "DEADLINE"}, refusalOf(err)); diff != "" {
		t.Errorf("error %v (-want +got):\n%s", err, diff)
	}
}

func TestACallerThatLeavesEndsTheWork(t *testing.T) {
	h := newBackend()
	began, ended := make(chan struct{}), make(chan struct{})
	h.search = func(ctx context.Context, _ corpus.Query) (corpus.Answer, error) {
		close(began)
		<-ctx.Done()
		close(ended)
		return corpus.Answer{}, ctx.Err()
	}
	r := serve(t, h, server.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-began
		cancel()
	}()
	_, err := r.search.Search(ctx, &dalilv1.SearchRequest{Query: "q"})
	if status.Code(err) != codes.Canceled {
		t.Errorf("error %v, want %v", err, codes.Canceled)
	}
	within(t, "the end of the search", ended)
	eventually(t, "the log line", func() bool { return strings.Contains(r.log.String(), "code=Canceled") })
}

func TestUnknownMethodsPassTheChain(t *testing.T) {
	seen := make(chan string, 1)
	r := serve(t, newBackend(), server.Options{ObserveStream: func(
		srv any, s grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler,
	) error {
		err := handler(srv, s)
		seen <- info.FullMethod + " " + status.Code(err).String()
		return err
	}})
	err := r.Invoke(t.Context(), "/dalil.v1.SearchService/Guess", &dalilv1.SearchRequest{}, &dalilv1.SearchResponse{})
	if diff := cmp.Diff(refusal{Code: codes.Unimplemented, Reason: "UNSUPPORTED"}, refusalOf(err)); diff != "" {
		t.Errorf("error %v (-want +got):\n%s", err, diff)
	}
	if got, want := <-seen, "/dalil.v1.SearchService/Guess Unimplemented"; got != want {
		t.Errorf("observed %q, want %q", got, want)
	}
}
