package gateway_test

import (
	"net/http"
	"strings"
	"testing"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// Bytes that are not UTF-8 are a mistake of the caller wherever they stand, and the answer names the place.
func TestBytesThatAreNotUTF8(t *testing.T) {
	s := serve(t, nil)
	for _, c := range []struct{ method, address, body, header, field string }{
		{"GET", "/v1/documents/%ff", "", "", "document_id"},
		{"GET", "/v1/documents/a/%C3%28", "", "", "document_id"},
		{"PUT", "/v1/documents/%ff", `{"text":"Rivers."}`, "", "document.document_id"},
		{"PATCH", "/v1/documents/%ff", `{"author":"a"}`, "", "document.document_id"},
		{"PATCH", "/v1/documents/d?update_mask=%ff", `{"author":"a"}`, "", "update_mask"},
		{"DELETE", "/v1/documents/%ff", "", "", "document_id"},
		{"DELETE", "/v1/documents/a", "", "If-Match", "header.if-match"},
		{"PUT", "/v1/documents/a", `{"text":"Rivers."}`, "If-None-Match", "header.if-none-match"},
		{"GET", "/v1/search?q=%ff", "", "", "q"},
		{"GET", "/v1/search?query=a%ff", "", "", "query"},
		{"GET", "/v1/search?q=a&limit=%ff", "", "", "limit"},
		{"GET", "/v1/search?q=a&language=%ff", "", "", "language"},
		{"GET", "/v1/search?q=a&page_token=%ff", "", "", "page_token"},
		{"GET", "/v1/search?q=a&min_index_token=%ff", "", "", "min_index_token"},
		{"GET", "/v1/search?q=a&%ff=1", "", "", "\uFFFD"},
		{"GET", "/v1/search?q=a&arms=%ff", "", "", "arms[0]"},
		{"GET", "/v1/search?q=a", "", "Grpc-Timeout", "header.grpc-timeout"},
		{"GET", "/v1/passages?passage_ids=a&passage_ids=%ff", "", "", "passage_ids[1]"},
		{"GET", "/v1/documents?page_token=%ff", "", "", "page_token"},
		{"GET", "/v1/failures?page_token=%ff", "", "", "page_token"},
		{"GET", "/v1/facets?fields=%ff", "", "", "facets[0].field"},
		{"GET", "/v1/operations/%ff", "", "", "operation_id"},
		{"POST", "/v1/operations/%ff:cancel", "{}", "", "operation_id"},
		{"DELETE", "/v1/collections/%ff", "", "", "collection"},
		{"POST", "/v1/search", "{\"query\":\"\xff\"}", "", "request"},
		{"POST", "/v1/vector_stores/x/search", "{\"query\":\"\xff\"}", "", ""},
		{"POST", "/retrieval", "{\"knowledge_id\":\"x\",\"query\":\"\xff\"}", "", ""},
	} {
		var header []string
		if c.header != "" {
			header = []string{c.header, "\"\xff\""}
		}
		got := s.do(t, c.method, c.address, c.body, header...)
		name := c.method + " " + c.address + " " + c.header
		if got.status != http.StatusBadRequest {
			t.Errorf("%s: status %d, want 400; %.300s", name, got.status, got.body)
			continue
		}
		if c.field == "" {
			continue // the form of a product
		}
		f := got.failure(t)
		if f.field() != c.field || f.reason() != "INVALID" || !strings.HasPrefix(f.Message, c.field+": ") {
			t.Errorf("%s: %s, field %q, want %q; %s", name, f.reason(), f.field(), c.field, f.Message)
		}
	}
	if got := s.do(t, "POST", "/v1/vector_stores/%ff/search", `{"query":"rivers"}`); got.status != 200 {
		t.Errorf("a name of a store, which is not read: %d %s", got.status, got.body)
	}
	lines := s.do(t, "POST", ingestAddress, "{\"id\":\"\xff\",\"text\":\"a\",\"metadata\":{\"\xfe\":\"\xfd\"}}\n{\"id\":\"b\",\"text\":\"b\"}", "Content-Type", "application/x-ndjson")
	if all := linesOf(t, strings.NewReader(lines.body)); lines.status != 200 || len(all) != 2 {
		t.Errorf("lines: %d %s", lines.status, lines.body)
	}
	if strings.Contains(s.log.String(), "level=ERROR") {
		t.Errorf("the log has errors: %s", s.log)
	}
}

// An agent gets the same answer.
func TestBytesThatAreNotUTF8OverMCP(t *testing.T) {
	s := serve(t, nil)
	for _, body := range []string{
		"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"search\",\"arguments\":{\"query\":\"\xff\"}}}",
		"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"fetch\",\"arguments\":{\"id\":\"\xff\"}}}",
	} {
		got := s.do(t, "POST", "/mcp", body, "Accept", "application/json, text/event-stream")
		if got.status >= 500 || strings.Contains(strings.ToLower(got.body), "server failed") {
			t.Errorf("%q: %d %s", body, got.status, got.body)
		}
	}
	session, err := sdk.NewClient(&sdk.Implementation{Name: "test", Version: "1"}, nil).Connect(t.Context(), &sdk.StreamableClientTransport{Endpoint: s.url + "/mcp"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	if _, err := session.ReadResource(t.Context(), &sdk.ReadResourceParams{URI: "dalil://document/%ff"}); err == nil || !strings.Contains(err.Error(), "not found") {
		t.Errorf("a resource: %v", err)
	}
}
