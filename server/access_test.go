package server_test

import (
	"context"
	"io"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"dalil/access"
	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/server"
)

// keyring is an authenticator in memory: a principal for each token.
type keyring struct {
	mu    sync.Mutex
	known map[string]corpus.Principal
	peers []netip.Addr
	fault error
}

func (k *keyring) Authenticate(_ context.Context, c access.Credentials) (corpus.Principal, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.peers = append(k.peers, c.Peer)
	p, ok := k.known[c.Token]
	switch {
	case k.fault != nil:
		return corpus.Principal{}, k.fault
	case c.Token == "":
		return corpus.Principal{}, access.Refuse(access.Missing, "the call has no credential")
	case !ok:
		return corpus.Principal{}, access.Refuse(access.Unknown, "the key is not known")
	case !p.Expires.IsZero() && !time.Now().Before(p.Expires):
		return corpus.Principal{}, access.Refuse(access.Expired, "the key has expired")
	}
	return p, nil
}

func (k *keyring) set(token string, p corpus.Principal) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.known[token] = p
}

func (k *keyring) revoke(token string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.known, token)
}

func newKeyring() *keyring {
	all := func(name, tenant string, scopes corpus.Scope) corpus.Principal {
		return corpus.Principal{Name: name, ID: name, Scopes: scopes, Tenant: tenant}
	}
	old := all("old", "news", corpus.ScopeAdmin)
	old.Expires = time.Now().Add(-time.Hour)
	return &keyring{known: map[string]corpus.Principal{
		"reader-key":  all("reader", "news", corpus.ScopeSearch),
		"writer-key":  all("writer", "news", corpus.ScopeWrite),
		"root-key":    all("root", "", corpus.ScopeAdmin),
		"old-key":     old,
		"metrics-key": all("prometheus", "", corpus.ScopeMetrics),
	}}
}

// as returns a context whose calls have these header fields, given as name and value.
func as(ctx context.Context, pairs ...string) context.Context {
	return metadata.AppendToOutgoingContext(ctx, pairs...)
}

func bearer(ctx context.Context, token string) context.Context {
	return as(ctx, "authorization", "Bearer "+token)
}

// seen keeps the principals of searches.
func seen(h *backend) func() corpus.Principal {
	var mu sync.Mutex
	var last corpus.Principal
	h.search = func(ctx context.Context, _ corpus.Query) (corpus.Answer, error) {
		mu.Lock()
		defer mu.Unlock()
		p, ok := corpus.PrincipalOf(ctx)
		if !ok {
			return corpus.Answer{}, errBoom
		}
		last = p
		return corpus.Answer{}, nil
	}
	return func() corpus.Principal { mu.Lock(); defer mu.Unlock(); return last }
}

func TestCredentialsOfACall(t *testing.T) {
	h := newBackend()
	who := seen(h)
	keys := newKeyring()
	r := serve(t, h, server.Options{Authenticator: keys})
	const unauthenticated, forbidden, invalid = codes.Unauthenticated, codes.PermissionDenied, codes.InvalidArgument
	for _, c := range []struct {
		name   string
		header []string
		code   codes.Code
		reason string
		want   string // the caller's name and tenant
	}{
		{name: "no credential", code: unauthenticated, reason: "UNAUTHENTICATED"},
		{"a bearer", []string{"authorization", "Bearer reader-key"}, codes.OK, "", "reader of news"},
		{"a key", []string{"x-api-key", "reader-key"}, codes.OK, "", "reader of news"},
		{"the same in both", []string{"x-api-key", "reader-key", "authorization", "bearer reader-key"}, codes.OK, "", "reader of news"},
		{"different ones", []string{"x-api-key", "root-key", "authorization", "Bearer reader-key"}, unauthenticated, "UNAUTHENTICATED", ""},
		{"twice", []string{"authorization", "Bearer reader-key", "authorization", "Bearer reader-key"}, unauthenticated, "UNAUTHENTICATED", ""},
		{"an unknown one", []string{"x-api-key", "forged-key"}, unauthenticated, "UNAUTHENTICATED", ""},
		{"an expired one", []string{"x-api-key", "old-key"}, unauthenticated, "UNAUTHENTICATED", ""},
		{"another scope", []string{"x-api-key", "writer-key"}, forbidden, "FORBIDDEN", ""},
		{"an administrator", []string{"x-api-key", "root-key"}, codes.OK, "", "root of "},
		{"an administrator for a tenant", []string{"x-api-key", "root-key", "dalil-tenant", "sport"}, codes.OK, "", "root of sport"},
		{"a reader for a tenant", []string{"x-api-key", "reader-key", "dalil-tenant", "sport"}, forbidden, "FORBIDDEN", ""},
		{"no name of a tenant", []string{"x-api-key", "root-key", "dalil-tenant", "../x"}, invalid, "INVALID", ""},
		{"two tenants", []string{"x-api-key", "root-key", "dalil-tenant", "a", "dalil-tenant", "b"}, invalid, "INVALID", ""},
		{"a forged caller", []string{"dalil-caller", "1", "x-api-key", "forged-key"}, unauthenticated, "UNAUTHENTICATED", ""},
	} {
		_, err := r.search.Search(as(t.Context(), c.header...), &dalilv1.SearchRequest{Query: "q"})
		if got := refusalOf(err); got.Code != c.code || got.Reason != c.reason {
			t.Errorf("%s: %v", c.name, err)
		}
		if p := who(); err == nil && p.Name+" of "+p.Tenant != c.want {
			t.Errorf("%s: made by %s of %s, want %s", c.name, p.Name, p.Tenant, c.want)
		}
		for _, secret := range []string{"reader-key", "forged-key", "old-key", "root-key"} {
			if strings.Contains(status.Convert(err).Message(), secret) || strings.Contains(r.log.String(), secret) {
				t.Errorf("%s: the error or the log has %s", c.name, secret)
			}
		}
	}
	if log := r.log.String(); !strings.Contains(log, "principal=reader") || !strings.Contains(log, "tenant=news") || !strings.Contains(log, "principal=writer") {
		t.Errorf("the log does not name the callers: %s", log)
	}
	keys.mu.Lock()
	defer keys.mu.Unlock()
	for _, peer := range keys.peers {
		if !peer.IsLoopback() {
			t.Errorf("the authenticator got the peer %v", peer)
		}
	}
}

// Counts by a filter tell what documents contain, so a caller that only writes does not
// get them.
func TestCountsOfADeletionNeedTheScopeOfReaders(t *testing.T) {
	r := serve(t, newBackend(), server.Options{Authenticator: newKeyring()})
	for key, want := range map[string]codes.Code{"writer-key": codes.PermissionDenied, "root-key": codes.OK} {
		_, err := r.documents.DeleteDocuments(bearer(t.Context(), key), &dalilv1.DeleteDocumentsRequest{All: true, ValidateOnly: true})
		if got := status.Code(err); got != want {
			t.Errorf("%s: %v, want %v", key, err, want)
		}
	}
	began, err := r.documents.DeleteDocuments(bearer(t.Context(), "writer-key"), &dalilv1.DeleteDocumentsRequest{All: true})
	if err != nil || began.GetOperation() == nil {
		t.Errorf("a deletion: %v, %v", began, err)
	}
}

func TestWithoutAnAuthenticatorEveryCallerIsTheOperator(t *testing.T) {
	h := newBackend()
	who := seen(h)
	r := serve(t, h, server.Options{})
	for tenant, header := range map[string][]string{"": nil, "news": {"dalil-tenant", "news"}} {
		if _, err := r.search.Search(as(t.Context(), header...), &dalilv1.SearchRequest{Query: "q"}); err != nil {
			t.Fatal(err)
		}
		if p := who(); p.Name != "operator" || p.Tenant != tenant || !p.All {
			t.Errorf("%v: the caller is %+v", header, p)
		}
	}
}

// Where strangers may call, they cannot choose a tenant.
func TestStrangersCannotChooseATenant(t *testing.T) {
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h := newBackend()
	who := seen(h)
	r := serveOn(t, h, server.Options{AllowPlaintext: true, AllowAnonymous: true}, elsewhere{inner})
	far := dial(t, inner.Addr().String())
	defer far.Close()
	search := dalilv1.NewSearchServiceClient(far)
	if _, err := search.Search(as(t.Context(), "dalil-tenant", "news"), &dalilv1.SearchRequest{Query: "q"}); status.Code(err) != codes.PermissionDenied {
		t.Errorf("a stranger acts for a tenant: %v", err)
	}
	if _, err := search.Search(t.Context(), &dalilv1.SearchRequest{Query: "q"}); err != nil || who().Name != "operator" {
		t.Errorf("%v by %+v; %s", err, who(), r.log)
	}
}

// A method without a row, and one that does not exist, is refused, whoever calls it.
func TestUnknownMethodsAreRefused(t *testing.T) {
	r := serve(t, newBackend(), server.Options{Authenticator: newKeyring()})
	for token, code := range map[string]codes.Code{"": codes.Unauthenticated, "forged-key": codes.Unauthenticated, "reader-key": codes.Unimplemented} {
		ctx := t.Context()
		if token != "" {
			ctx = bearer(ctx, token)
		}
		err := r.Invoke(ctx, "/dalil.v1.SearchService/Secret", &dalilv1.SearchRequest{}, &dalilv1.SearchResponse{})
		if status.Code(err) != code {
			t.Errorf("%q: %v, want %v", token, err, code)
		}
	}
	if strings.Contains(r.log.String(), "Secret") {
		t.Error("the log has a name that a caller made up")
	}
}

// A stranger is refused before a message arrives.
func TestAStrangersMessageIsNotRead(t *testing.T) {
	r := serve(t, newBackend(), server.Options{Authenticator: newKeyring()})
	for _, method := range []string{dalilv1.DocumentService_UpsertDocument_FullMethodName, dalilv1.DocumentService_IngestDocuments_FullMethodName} {
		ctx, cancel := context.WithTimeout(bearer(t.Context(), "forged-key"), 10*time.Second)
		stream, err := r.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true, ClientStreams: true}, method)
		if err != nil {
			t.Fatal(err)
		}
		if err := stream.RecvMsg(&dalilv1.UpsertDocumentResponse{}); status.Code(err) != codes.Unauthenticated {
			t.Errorf("%s without a message: %v", method, err)
		}
		cancel()
	}
}

func TestHealthNeedsNoCredential(t *testing.T) {
	h := newBackend()
	h.setReady(errBoom)
	r := serve(t, h, server.Options{Authenticator: newKeyring()})
	answer, err := healthpb.NewHealthClient(r).Check(t.Context(), &healthpb.HealthCheckRequest{})
	if err != nil || answer.GetStatus() != healthpb.HealthCheckResponse_NOT_SERVING {
		t.Errorf("%v, %v", answer, err)
	}
}

// Every method of the descriptors has a row in the table of rights: with a credential of
// each scope, exactly the methods of that scope are allowed. A new method must be added
// to one of the lists.
func TestEveryMethodHasARight(t *testing.T) {
	r := serve(t, newBackend(), server.Options{Authenticator: newKeyring()})
	reads := []string{
		"Search", "BatchSearch", "GetPassages", "BuildContext", "CheckGrounding", "ExplainDocument", "FindSimilar",
		"GetDocument", "ListDocuments", "ListFacets", "GetInfo", "GetStats", "ServerReflectionInfo",
	}
	open := []string{"Check", "Watch", "List"}
	admin := []string{
		"CreateBackup", "ListCollections", "StartRebuild", "CompareCollections", "ActivateCollection", "RollbackCollection", "DropCollection",
		"ListTenants", "GetTenantUsage", "DeleteTenant",
	}
	writes := []string{
		"UpsertDocument", "UpsertDocuments", "UpdateDocument", "IngestDocuments", "DeleteDocument", "DeleteDocuments", "PreviewDocument", "ListFailures",
		"GetOperation", "WaitOperation", "CancelOperation", "ListOperations",
	}
	for _, method := range server.Methods() {
		name := method[strings.LastIndex(method, "/")+1:]
		if lists := slices.Concat(open, reads, writes, admin); !slices.Contains(lists, name) {
			t.Errorf("%s is in no list", method)
		}
		for token, may := range map[string]bool{
			"":            slices.Contains(open, name),
			"forged-key":  slices.Contains(open, name),
			"old-key":     slices.Contains(open, name),
			"metrics-key": slices.Contains(open, name),
			"reader-key":  slices.Contains(open, name) || slices.Contains(reads, name),
			"writer-key":  slices.Contains(open, name) || slices.Contains(writes, name),
			"root-key":    true,
		} {
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			if token != "" {
				ctx = bearer(ctx, token)
			}
			code := firstCode(ctx, r, method)
			cancel()
			refused := code == codes.Unauthenticated || code == codes.PermissionDenied
			if refused == may {
				t.Errorf("%s with %q: %v", method, token, code)
			}
			if refused && (code == codes.Unauthenticated) != (token == "" || token == "forged-key" || token == "old-key") {
				t.Errorf("%s with %q: %v", method, token, code)
			}
			if code == codes.Internal || code == codes.Unknown {
				t.Errorf("%s with %q: %v", method, token, code)
			}
		}
	}
}

// firstCode calls a method with an empty message and returns the code of its first answer.
func firstCode(ctx context.Context, r *running, method string) codes.Code {
	stream, err := r.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true, ClientStreams: true}, method)
	if err != nil {
		return status.Code(err)
	}
	if err := stream.SendMsg(&dalilv1.GetInfoRequest{}); err != nil && err != io.EOF {
		return status.Code(err)
	}
	if err := stream.CloseSend(); err != nil {
		return status.Code(err)
	}
	var any dalilv1.GetInfoRequest // its fields are unknown, so that every answer can be decoded
	if err := stream.RecvMsg(&any); err != nil && err != io.EOF {
		return status.Code(err)
	}
	return codes.OK
}
