package server_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/server"
)

// owners are callers of two tenants.
func owners() *keyring {
	k := newKeyring()
	for key, tenant := range map[string]string{"a1": "a", "a2": "a", "b1": "b"} {
		k.set(key, corpus.Principal{Name: key, ID: key, Scopes: corpus.ScopeSearch | corpus.ScopeWrite, Tenant: tenant, All: true})
	}
	return k
}

// A page token belongs to the caller that got it, and cannot be made up.
func TestPageTokensBelongToTheirCaller(t *testing.T) {
	h := newBackend()
	h.search = func(_ context.Context, q corpus.Query) (corpus.Answer, error) {
		return corpus.Answer{Passages: make([]corpus.Passage, q.Limit), More: true}, nil
	}
	r := serve(t, h, server.Options{Authenticator: owners()})
	bare := serve(t, h, server.Options{})
	search := func(key, token string) (string, error) {
		answer, err := r.search.Search(bearer(t.Context(), key), &dalilv1.SearchRequest{Query: "q", PageToken: token})
		return answer.GetNextPageToken(), err
	}
	token, err := search("a1", "")
	if err != nil || !strings.Contains(token, ".") {
		t.Fatalf("the token %q, error %v", token, err)
	}
	if next, err := search("a1", token); err != nil || next == token {
		t.Errorf("the next page: token %q, error %v", next, err)
	}
	plain, err := bare.search.Search(t.Context(), &dalilv1.SearchRequest{Query: "q"})
	if err != nil || strings.Contains(plain.GetNextPageToken(), ".") {
		t.Errorf("without an authenticator: %q, error %v", plain.GetNextPageToken(), err)
	}
	changed := []byte(token)
	changed[len(changed)-1] ^= 1
	for name, c := range map[string]struct{ key, token string }{
		"another tenant": {"b1", token}, "another caller": {"a2", token}, "no code": {"a1", plain.GetNextPageToken()},
		"an empty code": {"a1", plain.GetNextPageToken() + "."}, "another code": {"a1", string(changed)},
	} {
		if _, err := search(c.key, c.token); status.Code(err) != codes.InvalidArgument {
			t.Errorf("%s: error %v", name, err)
		}
	}
	batch, err := r.search.BatchSearch(bearer(t.Context(), "a1"), &dalilv1.BatchSearchRequest{Requests: []*dalilv1.SearchRequest{
		{Query: "q"}, {Query: "q", PageToken: token}, {Query: "q", PageToken: plain.GetNextPageToken()},
	}})
	if err != nil || batch.GetResponses()[0].GetResponse().GetNextPageToken() != token || batch.GetResponses()[1].GetResponse() == nil ||
		batch.GetResponses()[2].GetStatus().GetCode() != int32(codes.InvalidArgument) {
		t.Errorf("a batch: %v, error %v", batch, err)
	}
}

// An operation is seen by its caller and by administrators, and runs as its caller.
func TestOperationsBelongToTheirCaller(t *testing.T) {
	h := newBackend()
	r := serve(t, h, server.Options{Authenticator: owners()})
	as := func(key string) context.Context { return bearer(t.Context(), key) }
	ids := map[string]string{}
	for _, key := range []string{"a1", "b1"} {
		began, err := r.documents.DeleteDocuments(as(key), &dalilv1.DeleteDocumentsRequest{All: true, ValidateOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		ids[key] = began.GetOperation().GetOperationId()
	}
	for key, want := range map[string][]string{"a1": {"a1"}, "a2": nil, "b1": {"b1"}, "root-key": {"a1", "b1"}} {
		list, err := r.admin.ListOperations(as(key), &dalilv1.ListOperationsRequest{})
		if err != nil || len(list.GetOperations()) != len(want) {
			t.Errorf("%s sees %v, error %v, want those of %v", key, list.GetOperations(), err, want)
		}
		for owner, id := range ids {
			sees := strings.Contains(fmt.Sprint(want), owner)
			_, get := r.admin.GetOperation(as(key), &dalilv1.GetOperationRequest{OperationId: id})
			_, wait := r.admin.WaitOperation(as(key), &dalilv1.WaitOperationRequest{OperationId: id})
			_, cancel := r.admin.CancelOperation(as(key), &dalilv1.CancelOperationRequest{OperationId: id})
			_, never := r.admin.GetOperation(as(key), &dalilv1.GetOperationRequest{OperationId: strings.Repeat("0", len(id))})
			for _, err := range []error{get, wait, cancel} {
				if sees != (err == nil) || !sees && (status.Code(err) != codes.NotFound ||
					strings.ReplaceAll(status.Convert(err).Message(), id, "") != strings.ReplaceAll(status.Convert(never).Message(), strings.Repeat("0", len(id)), "")) {
					t.Errorf("%s and the operation of %s: %v, one that never was: %v", key, owner, err, never)
				}
			}
		}
	}
}
