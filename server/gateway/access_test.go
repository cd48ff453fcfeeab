package gateway_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"dalil/access"
	"dalil/corpus"
	"dalil/server"
	"dalil/server/gateway"
)

// keyring is an authenticator in memory.
type keyring struct {
	mu    sync.Mutex
	peers map[netip.Addr]bool
}

func (k *keyring) Authenticate(_ context.Context, c access.Credentials) (corpus.Principal, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.peers == nil {
		k.peers = map[netip.Addr]bool{}
	}
	k.peers[c.Peer] = true
	switch c.Token {
	case "":
		return corpus.Principal{}, access.Refuse(access.Missing, "the call has no credential")
	case "reader-key":
		return corpus.Principal{Name: "reader", Scopes: corpus.ScopeSearch, Tenant: "news"}, nil
	case "writer-key":
		return corpus.Principal{Name: "writer", Scopes: corpus.ScopeWrite, Tenant: "news"}, nil
	case "root-key":
		return corpus.Principal{Name: "root", Scopes: corpus.ScopeAdmin}, nil
	case "old-key":
		return corpus.Principal{}, access.Refuse(access.Expired, "the key has expired")
	}
	return corpus.Principal{}, access.Refuse(access.Unknown, "the key is not known")
}

// asked is a searcher that keeps who asks.
type asked struct {
	slow
	mu   sync.Mutex
	last corpus.Principal
}

func (s *asked) Search(ctx context.Context, _ corpus.Query) (corpus.Answer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last, _ = corpus.PrincipalOf(ctx)
	return corpus.Answer{}, nil
}

func (s *asked) who() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.last.Name + " of " + s.last.Tenant
}

// guarded serves with an authenticator.
func guarded(t *testing.T, o gateway.Options) (s *service, h *asked, k *keyring) {
	t.Helper()
	h, k = &asked{}, &keyring{}
	url := serveWith(t, server.Deps{Searcher: h, Admin: h}, server.Options{Authenticator: k}, o)
	return &service{url: url}, h, k
}

// sample is a request for a route, with values in the place of parameters.
func sample(route string) (verb, address, body string) {
	verb, template, _ := strings.Cut(route, " ")
	address = regexp.MustCompile(`\{[a-z_]+\}`).ReplaceAllString(template, "x")
	if verb == http.MethodPost || verb == http.MethodPut || verb == http.MethodPatch {
		body = "{}"
	}
	return verb, address, body
}

// Every route refuses a caller without a valid credential, and says how to
// authenticate, before it reads the body.
func TestEveryRouteAsksForACredential(t *testing.T) {
	s, _, _ := guarded(t, gateway.Options{})
	for _, route := range gateway.Routes() {
		verb, address, body := sample(route)
		for key, want := range map[string]string{
			"":            `Bearer realm="dalil"`,
			"forged-key":  `Bearer realm="dalil", error="invalid_token"`,
			"old-key":     `Bearer realm="dalil", error="invalid_token"`,
			"not a token": `Bearer realm="dalil", error="invalid_token"`,
		} {
			var header []string
			if key != "" {
				header = []string{"Authorization", "Bearer " + key}
			}
			if key == "not a token" {
				header = []string{"Authorization", "Basic YTpi"}
			}
			got := s.do(t, verb, address, body, header...)
			if got.status != 401 || got.header.Get("WWW-Authenticate") != want {
				t.Errorf("%s with %q: %d, WWW-Authenticate %q, %.200s", route, key, got.status, got.header.Get("WWW-Authenticate"), got.body)
			}
			if strings.Contains(got.body, "forged-key") || strings.Contains(got.body, "YTpi") {
				t.Errorf("%s: the answer has the credential: %s", route, got.body)
			}
		}
		got := s.do(t, verb, address, body, "X-Api-Key", "root-key")
		if got.status == 401 || got.status == 403 {
			t.Errorf("%s with the scope admin: %d %s", route, got.status, got.body)
		}
	}
}

// A caller with another scope than a route needs learns which one it lacks.
func TestRoutesNeedTheirScope(t *testing.T) {
	s, _, _ := guarded(t, gateway.Options{})
	need := regexp.MustCompile(`^Bearer realm="dalil", error="insufficient_scope", scope="(search|write|admin)"$`)
	for _, route := range gateway.Routes() {
		verb, address, body := sample(route)
		lacks := map[string]string{}
		for _, key := range []string{"reader-key", "writer-key"} {
			got := s.do(t, verb, address, body, "X-Api-Key", key)
			switch found := need.FindStringSubmatch(got.header.Get("WWW-Authenticate")); {
			case got.status == 403 && found != nil && strings.Contains(got.body, found[1]):
				lacks[key] = found[1]
			case got.status == 403 || got.status == 401:
				t.Errorf("%s with %s: %d, WWW-Authenticate %q, %s", route, key, got.status, got.header.Get("WWW-Authenticate"), got.body)
			}
		}
		reader, writer := lacks["reader-key"], lacks["writer-key"]
		if fits := reader == "" && writer == "search" || reader == "write" && writer == "" || reader == "admin" && writer == "admin"; !fits {
			t.Errorf("%s: a reader lacks %q, a writer lacks %q", route, reader, writer)
		}
	}
}

// Products get errors in their own form.
func TestProductsAuthenticateInTheirManner(t *testing.T) {
	s, h, k := guarded(t, gateway.Options{})
	for _, c := range []struct {
		address, body, key string
		status             int
		says               string
	}{
		{"/retrieval", `{"knowledge_id":"a","query":"q"}`, "", 401, `"error_code":1001`},
		{"/retrieval", `{"knowledge_id":"a","query":"q"}`, "forged-key", 401, `"error_code":1002`},
		{"/retrieval", `{"knowledge_id":"a","query":"q"}`, "writer-key", 403, `"error_code":1002`},
		{"/retrieval", `{"knowledge_id":"a","query":"q"}`, "reader-key", 200, `"records":[]`},
		{"/v1/vector_stores/a/search", `{"query":"q"}`, "forged-key", 401, `"code":"invalid_api_key"`},
		{"/v1/vector_stores/a/search", `{"query":"q"}`, "writer-key", 403, `"code":"forbidden"`},
		{"/v1/vector_stores/a/search", `{"query":"q"}`, "reader-key", 200, `"data":[]`},
	} {
		var header []string
		if c.key != "" {
			header = []string{"Authorization", "Bearer " + c.key}
		}
		got := s.do(t, "POST", c.address, c.body, header...)
		if got.status != c.status || !strings.Contains(got.body, c.says) || (got.status == 401) != strings.HasPrefix(got.header.Get("WWW-Authenticate"), "Bearer realm=") && got.status != 403 {
			t.Errorf("%s with %q: %d %v %s, want %d %s", c.address, c.key, got.status, got.header, got.body, c.status, c.says)
		}
	}
	if h.who() != "reader of news" {
		t.Errorf("the search was made by %s", h.who())
	}
	for peer := range k.peers {
		if !peer.IsLoopback() {
			t.Errorf("the authenticator got the peer %v", peer)
		}
	}
}

// A client can neither name another caller nor send two credentials.
func TestHeadersCannotBeForged(t *testing.T) {
	s, h, _ := guarded(t, gateway.Options{})
	for name, c := range map[string]struct {
		header http.Header
		status int
		who    string
	}{
		"two credentials":      {http.Header{"Authorization": {"Bearer reader-key", "Bearer reader-key"}}, 401, ""},
		"different ones":       {http.Header{"Authorization": {"Bearer reader-key"}, "X-Api-Key": {"root-key"}}, 401, ""},
		"a caller":             {http.Header{"Authorization": {"Bearer reader-key"}, "Dalil-Caller": {"0", "1"}}, 200, "reader of news"},
		"metadata":             {http.Header{"Authorization": {"Bearer reader-key"}, "Grpc-Metadata-Dalil-Tenant": {"sport"}}, 200, "reader of news"},
		"metadata alone":       {http.Header{"Grpc-Metadata-Authorization": {"Bearer reader-key"}}, 401, ""},
		"a tenant of a reader": {http.Header{"Authorization": {"Bearer reader-key"}, "Dalil-Tenant": {"sport"}}, 403, ""},
		"a tenant of an admin": {http.Header{"X-Api-Key": {"root-key"}, "Dalil-Tenant": {"sport"}}, 200, "root of sport"},
		"no name of a tenant":  {http.Header{"X-Api-Key": {"root-key"}, "Dalil-Tenant": {"a b"}}, 400, ""},
		"two tenants":          {http.Header{"X-Api-Key": {"root-key"}, "Dalil-Tenant": {"a", "b"}}, 400, ""},
		"bytes in a key":       {http.Header{"X-Api-Key": {"reader-key\xff"}}, 401, ""},
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/v1/search?q=a", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header = c.header
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != c.status || c.who != "" && h.who() != c.who {
			t.Errorf("%s: %d by %s, want %d by %q", name, response.StatusCode, h.who(), c.status, c.who)
		}
	}
}

// Every message of MCP needs a credential, and the calls of its tools are made by the same caller.
func TestMCPAsksForACredential(t *testing.T) {
	s, h, _ := guarded(t, gateway.Options{})
	call := func(method, params, key string) reply {
		header := []string{"Accept", "application/json, text/event-stream"}
		if key != "" {
			header = append(header, "Authorization", "Bearer "+key)
		}
		return s.do(t, "POST", "/mcp", fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":%q,"params":%s}`, method, params), header...)
	}
	const hello = `{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}`
	for key, status := range map[string]int{"": 401, "forged-key": 401, "old-key": 401, "writer-key": 403, "reader-key": 200} {
		for method, params := range map[string]string{"initialize": hello, "tools/list": "{}", "tools/call": `{"name":"search","arguments":{"query":"q"}}`} {
			got := call(method, params, key)
			if got.status != status || (status == 401) != strings.HasPrefix(got.header.Get("WWW-Authenticate"), `Bearer realm="dalil"`) && status != 403 {
				t.Errorf("%s with %q: %d %v %s", method, key, got.status, got.header, got.body)
			}
		}
	}
	if h.who() != "reader of news" {
		t.Errorf("the search of the tool was made by %s", h.who())
	}
	var listed struct {
		Result struct{ Tools []struct{ Name string } }
	}
	if err := json.Unmarshal([]byte(call("tools/list", "{}", "reader-key").body), &listed); err != nil || len(listed.Result.Tools) < 5 {
		t.Fatalf("%+v, %v", listed, err)
	}
	for _, tool := range listed.Result.Tools {
		if got := call("tools/call", fmt.Sprintf(`{"name":%q,"arguments":{}}`, tool.Name), "forged-key"); got.status != 401 {
			t.Errorf("%s: %d %s", tool.Name, got.status, got.body)
		}
	}
}

// The description of the API is open, closed, or for callers that may search.
func TestWhoReadsTheDescription(t *testing.T) {
	on, off := true, false
	for name, c := range map[string]struct {
		docs             *bool
		anyone, a_reader int
	}{"by default": {nil, 401, 200}, "open": {&on, 200, 200}, "closed": {&off, 404, 404}} {
		s, _, _ := guarded(t, gateway.Options{Docs: c.docs})
		for _, address := range []string{"/docs", "/openapi.json", "/docs.js", "/docs.css"} {
			if got := s.do(t, "GET", address, ""); got.status != c.anyone {
				t.Errorf("%s: %s for anyone: %d", name, address, got.status)
			}
			if got := s.do(t, "GET", address, "", "X-Api-Key", "reader-key"); got.status != c.a_reader {
				t.Errorf("%s: %s for a reader: %d", name, address, got.status)
			}
		}
		if got := s.do(t, "GET", "/nothing", ""); got.status != 404 || strings.Contains(got.body, "/docs") == (c.docs == &off) {
			t.Errorf("%s: another address: %d %s", name, got.status, got.body)
		}
	}
}

// An answer to a stranger does not wait for the body.
func TestAStrangersBodyIsNotRead(t *testing.T) {
	s, _, _ := guarded(t, gateway.Options{})
	body, sent := newBlocked()
	defer sent()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/v1/search", body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.ContentLength = 1000
	answered := make(chan int, 1)
	go func() {
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			answered <- 0
			return
		}
		response.Body.Close()
		answered <- response.StatusCode
	}()
	select {
	case status := <-answered:
		if status != 401 {
			t.Errorf("status %d", status)
		}
	case <-time.After(10 * time.Second):
		t.Error("there is no answer")
	}
}

// blocked is a body that does not end.
type blocked struct{ end chan struct{} }

func newBlocked() (b *blocked, end func()) {
	b = &blocked{make(chan struct{})}
	return b, func() { close(b.end) }
}

func (b *blocked) Read([]byte) (int, error) {
	<-b.end
	return 0, context.Canceled
}
