package server_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"dalil/access/rates"
	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/server"
)

// retryAfter returns the delay that a refusal for a limit names.
func retryAfter(t *testing.T, err error) time.Duration {
	t.Helper()
	if got := refusalOf(err); got.Code != codes.ResourceExhausted || got.Reason != "RATE_LIMITED" {
		t.Fatalf("got %v, want a refusal for a limit", err)
	}
	for _, detail := range status.Convert(err).Details() {
		if retry, ok := detail.(*errdetails.RetryInfo); ok {
			return retry.GetRetryDelay().AsDuration()
		}
	}
	t.Fatalf("%v does not say when to try again", err)
	return 0
}

// limited gives the reader of the keyring these limits.
func limited(r corpus.Rates) *keyring {
	keys := newKeyring()
	p := keys.known["reader-key"]
	p.Scopes |= corpus.ScopeWrite
	p.Rates = r
	keys.set("reader-key", p)
	keys.set("other-key", corpus.Principal{Name: "other", Tenant: "news", Scopes: corpus.ScopeSearch})
	return keys
}

func TestRequestsOfACallerAreLimited(t *testing.T) {
	var refused []server.Refusal
	options := server.Options{
		Authenticator: limited(corpus.Rates{Requests: 2}), Rates: rates.New(rates.Options{}),
		Refused: func(r server.Refusal) { refused = append(refused, r) },
	}
	bubble(t, newBackend(), options, func(t *testing.T, r *running) {
		reader, other := bearer(t.Context(), "reader-key"), bearer(t.Context(), "other-key")
		search := func(ctx context.Context) error {
			_, err := r.search.Search(ctx, &dalilv1.SearchRequest{Query: "q"})
			return err
		}
		for range 2 {
			if err := search(reader); err != nil {
				t.Fatal(err)
			}
		}
		after := retryAfter(t, search(reader))
		if after != 500*time.Millisecond {
			t.Errorf("the next call may come after %v, want 500ms", after)
		}
		if err := search(other); err != nil {
			t.Errorf("another caller: %v", err)
		}
		time.Sleep(after)
		if err := search(reader); err != nil {
			t.Errorf("after the delay: %v", err)
		}
		time.Sleep(time.Minute)
		batch := &dalilv1.BatchSearchRequest{}
		for range 10 {
			batch.Requests = append(batch.Requests, &dalilv1.SearchRequest{Query: "q"})
		}
		if _, err := r.search.BatchSearch(reader, batch); err != nil {
			t.Fatal(err)
		}
		if after := retryAfter(t, search(reader)); after != 4500*time.Millisecond { // 2 - 10 + 4.5·2 = 1
			t.Errorf("after a batch of ten, the next call may come after %v, want 4.5s", after)
		}
	})
	if len(refused) != 2 || refused[0] != (server.Refusal{Kind: corpus.ErrRateLimited, Reason: corpus.LimitRequests}) {
		t.Errorf("got the refusals %v", refused)
	}
}

func TestTokensRefuseQuestionsAndSlowStreams(t *testing.T) {
	table := rates.New(rates.Options{})
	h := newBackend()
	h.search = func(ctx context.Context, _ corpus.Query) (corpus.Answer, error) {
		table.Spend(ctx, 10)
		return corpus.Answer{}, nil
	}
	h.ingest = func(ctx context.Context, raws <-chan corpus.Raw, report func(int, corpus.Receipt)) error {
		for i := 0; ; i++ {
			raw, more := <-raws
			if !more {
				return nil
			}
			table.Spend(ctx, 100)
			report(i, h.put(raw))
		}
	}
	options := server.Options{Authenticator: limited(corpus.Rates{Tokens: 100}), Rates: table}
	bubble(t, h, options, func(t *testing.T, r *running) {
		ctx := bearer(t.Context(), "reader-key")
		var err error
		asked := 0
		for ; err == nil; asked++ {
			_, err = r.search.Search(ctx, &dalilv1.SearchRequest{Query: "q"})
		}
		if retryAfter(t, err); asked != 11 {
			t.Errorf("%d questions of 10 tokens were answered at once, want 10", asked-1)
		}
		start := time.Now()
		var documents []*dalilv1.DocumentInput
		for i := range 20 {
			documents = append(documents, document(fmt.Sprint(i), "text"))
		}
		receipts, err := ingestAll(ctx, r, documents...)
		if took := time.Since(start); err != nil || len(receipts) != 20 || took < 19*time.Second || took > 21*time.Second {
			t.Errorf("20 documents of 100 tokens: %d receipts after %v, %v; want 20 after 19 to 21 s", len(receipts), took, err)
		}
	})
}

func TestStreamsOfACallerAreLimited(t *testing.T) {
	keys := limited(corpus.Rates{Streams: 1})
	r := serve(t, newBackend(), server.Options{Authenticator: keys, Rates: rates.New(rates.Options{})})
	ctx := bearer(t.Context(), "reader-key")
	first, err := r.documents.IngestDocuments(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Send(&dalilv1.IngestDocumentsRequest{Document: document("a", "text")}); err != nil {
		t.Fatal(err)
	}
	if _, err := first.Recv(); err != nil {
		t.Fatal(err)
	}
	_, err = ingestAll(ctx, r, document("b", "text"))
	retryAfter(t, err)
	if _, err := ingestAll(bearer(t.Context(), "writer-key"), r, document("b", "text")); err != nil {
		t.Errorf("another caller: %v", err)
	}
	if err := first.CloseSend(); err != nil {
		t.Fatal(err)
	}
	if _, err := first.Recv(); err == nil {
		t.Error("the stream did not end")
	}
	eventually(t, "another stream", func() bool {
		_, err := ingestAll(ctx, r, document("b", "text"))
		return err == nil
	})
}

func TestOneCallerCannotTakeAllPlaces(t *testing.T) {
	var release chan struct{}
	h := newBackend()
	h.search = func(ctx context.Context, _ corpus.Query) (corpus.Answer, error) {
		if p, _ := corpus.PrincipalOf(ctx); p.Name == "reader" {
			<-release
		}
		return corpus.Answer{}, nil
	}
	bubble(t, h, server.Options{Authenticator: limited(corpus.Rates{}), Searches: 4, Calls: 40}, func(t *testing.T, r *running) {
		done := make(chan error)
		release = make(chan struct{})
		const flood = 30
		for range flood {
			go func() {
				_, err := r.search.Search(bearer(context.Background(), "reader-key"), &dalilv1.SearchRequest{Query: "q"})
				done <- err
			}()
		}
		synctest.Wait()
		if n := len(h.asked()); n != 2 {
			t.Errorf("%d searches of one caller run, want half of 4", n)
		}
		for range 5 {
			if _, err := r.search.Search(bearer(t.Context(), "other-key"), &dalilv1.SearchRequest{Query: "q"}); err != nil {
				t.Errorf("another caller: %v", err)
			}
		}
		close(release)
		overloaded := 0
		for range flood {
			if err := <-done; err != nil {
				if refusalOf(err).Reason != "OVERLOADED" {
					t.Error(err)
				}
				overloaded++
			}
		}
		if overloaded != flood-20 {
			t.Errorf("%d calls were refused, want those beyond half of the running calls, %d", overloaded, flood-20)
		}
	})
}

func TestWrongCredentialsOfAnAddressAreSlowed(t *testing.T) {
	bubble(t, newBackend(), server.Options{Authenticator: newKeyring()}, func(t *testing.T, r *running) {
		ask := func(token string) (time.Duration, error) {
			start := time.Now()
			_, err := r.search.Search(bearer(t.Context(), token), &dalilv1.SearchRequest{Query: "q"})
			return time.Since(start), err
		}
		slow := 0
		for range 50 {
			took, err := ask("forged-key")
			if refusalOf(err).Reason != "UNAUTHENTICATED" {
				t.Fatal(err)
			}
			if took > 0 {
				slow++
			}
			if took > time.Second {
				t.Errorf("an answer took %v", took)
			}
			if took, err := ask("reader-key"); err != nil || took > 0 {
				t.Errorf("a right key of the same address: %v after %v", err, took)
			}
		}
		if slow < 25 || slow > 30 {
			t.Errorf("%d of 50 answers were slowed, want those after the first 20", slow)
		}
	})
}
