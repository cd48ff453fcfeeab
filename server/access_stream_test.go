package server_test

import (
	"context"
	"io"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/server"
)

// A stream ends when its credential is revoked or expires, and acknowledges what it has
// accepted.
func TestStreamsEndWithTheirCredential(t *testing.T) {
	for name, end := range map[string]func(*keyring){
		"revoked": func(k *keyring) { k.revoke("key") },
		"too small": func(k *keyring) {
			k.set("key", corpus.Principal{Name: "w", Scopes: corpus.ScopeSearch, Tenant: "news"})
		},
		"another tenant": func(k *keyring) {
			k.set("key", corpus.Principal{Name: "w", Scopes: corpus.ScopeWrite, Tenant: "sport"})
		},
		"expired": func(*keyring) {},
	} {
		t.Run(name, func(t *testing.T) {
			keys := newKeyring()
			p := corpus.Principal{Name: "w", Scopes: corpus.ScopeWrite, Tenant: "news"}
			recheck := 20 * time.Millisecond
			if name == "expired" {
				recheck, p.Expires = time.Hour, time.Now().Add(2*time.Second)
			}
			keys.set("key", p)
			h := newBackend()
			r := serve(t, h, server.Options{Authenticator: keys, RecheckEvery: recheck})
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			stream, err := r.documents.IngestDocuments(bearer(ctx, "key"))
			if err != nil {
				t.Fatal(err)
			}
			if err := stream.Send(&dalilv1.IngestDocumentsRequest{Sequence: 1, Document: document("a", "text")}); err != nil {
				t.Fatal(err)
			}
			if receipt, err := stream.Recv(); err != nil || receipt.GetSequence() != 1 {
				t.Fatalf("%v, %v", receipt, err)
			}
			end(keys)
			_, err = stream.Recv()
			if want := map[bool]codes.Code{true: codes.PermissionDenied, false: codes.Unauthenticated}[name == "too small"]; status.Code(err) != want {
				t.Errorf("the stream ended with %v, want %v", err, want)
			}
			if name == "expired" && time.Now().Before(p.Expires) {
				t.Error("the stream ended early")
			}
		})
	}
}

// A stream goes on while whoever checks credentials does not answer.
func TestAStreamOutlivesAnAuthenticatorThatIsDown(t *testing.T) {
	keys := newKeyring()
	r := serve(t, newBackend(), server.Options{Authenticator: keys, RecheckEvery: time.Millisecond})
	stream, err := r.documents.IngestDocuments(bearer(t.Context(), "writer-key"))
	if err != nil {
		t.Fatal(err)
	}
	send := func(n int64) {
		t.Helper()
		if err := stream.Send(&dalilv1.IngestDocumentsRequest{Sequence: n, Document: document("a", "text")}); err != nil {
			t.Fatal(err)
		}
		if receipt, err := stream.Recv(); err != nil || receipt.GetSequence() != n {
			t.Fatalf("%v, %v", receipt, err)
		}
	}
	send(1)
	keys.mu.Lock()
	keys.fault = corpus.Errorf(corpus.ErrUnavailable, "no answer")
	before := len(keys.peers)
	keys.mu.Unlock()
	eventually(t, "another check", func() bool { keys.mu.Lock(); defer keys.mu.Unlock(); return len(keys.peers) > before+2 })
	send(2)
	if err := stream.CloseSend(); err != nil {
		t.Fatal(err)
	}
	if _, err := stream.Recv(); err != io.EOF {
		t.Errorf("the stream ended with %v", err)
	}
	if _, err := r.search.Search(bearer(t.Context(), "reader-key"), &dalilv1.SearchRequest{Query: "q"}); status.Code(err) != codes.Unavailable {
		t.Errorf("a new call: %v", err)
	}
}
