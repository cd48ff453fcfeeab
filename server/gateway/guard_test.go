package gateway_test

import (
	"net/http"
	"strings"
	"testing"

	"dalil/internal/config"
)

// A page in a browser on this machine cannot write, whatever it sends.
func TestPagesCannotWrite(t *testing.T) {
	s := serve(t, nil)
	for name, c := range map[string]struct {
		method, address, body string
		header                []string
		status                int
	}{
		"a form":                            {"POST", "/v1/documents", "document_id=a&text=b", []string{"Content-Type", "application/x-www-form-urlencoded"}, 415},
		"a form with files":                 {"POST", "/v1/documents", "--a--", []string{"Content-Type", "multipart/form-data; boundary=a"}, 415},
		"text":                              {"POST", "/v1/documents", `{"document_id":"a","text":"b"}`, []string{"Content-Type", "text/plain"}, 415},
		"text that names JSON":              {"POST", "/v1/documents", `{"document_id":"a","text":"b"}`, []string{"Content-Type", "text/plain; application/json"}, 415},
		"no type":                           {"POST", "/v1/documents", `{"document_id":"a","text":"b"}`, []string{"Content-Type", ""}, 415},
		"another charset":                   {"POST", "/v1/documents", `{"document_id":"a","text":"b"}`, []string{"Content-Type", "application/json; charset=utf-7"}, 415},
		"no body":                           {"POST", "/v1/collections:rollback", "", nil, 415},
		"JSON from another origin":          {"POST", "/v1/documents", `{"document_id":"a","text":"b"}`, []string{"Origin", "https://evil.example"}, 403},
		"JSON from another site":            {"POST", "/v1/documents", `{"document_id":"a","text":"b"}`, []string{"Sec-Fetch-Site", "cross-site"}, 403},
		"a deletion from a page":            {"DELETE", "/v1/documents/" + poverty, "", []string{"Origin", "https://evil.example"}, 403},
		"no origin":                         {"DELETE", "/v1/documents/" + poverty, "", []string{"Origin", "null"}, 403},
		"a name that resolves to loopback":  {"GET", "/v1/info", "", []string{"Host", "evil.example:7812"}, 403},
		"a write to such a name":            {"POST", "/v1/documents", `{"document_id":"a","text":"b"}`, []string{"Host", "evil.example"}, 403},
		"another address":                   {"GET", "/v1/info", "", []string{"Host", "192.168.1.7"}, 403},
		"an ingest of a page":               {"POST", ingestAddress, `{"id":"a","text":"b"}`, []string{"Content-Type", "text/plain"}, 415},
		"lines to a call":                   {"POST", "/v1/search", `{"query":"a"}`, []string{"Content-Type", "application/x-ndjson"}, 415},
		"a method in a header":              {"POST", "/v1/documents/" + poverty, "", []string{"X-Http-Method-Override", "DELETE", "Content-Type", "application/x-www-form-urlencoded"}, 405},
		"a preflight of an unlisted origin": {"OPTIONS", "/v1/search", "", []string{"Origin", "https://evil.example", "Access-Control-Request-Method", "POST"}, 405},
	} {
		got := s.do(t, c.method, c.address, c.body, c.header...)
		if got.status != c.status {
			t.Errorf("%s: %d, want %d; %s", name, got.status, c.status, got.body)
		}
		if got.header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: the page may read the answer", name)
		}
	}
	if got := s.do(t, "GET", "/v1/documents/"+poverty, ""); got.status != 200 {
		t.Errorf("the document: %d %s", got.status, got.body)
	}
	for _, host := range []string{"localhost", "localhost:1", "127.0.0.1", "127.9.9.9:80", "[::1]", "[::1]:7812", "LOCALHOST"} {
		if got := s.do(t, "GET", "/v1/info", "", "Host", host); got.status != 200 {
			t.Errorf("Host %s: %d", host, got.status)
		}
	}
}

// Pages of the listed origins can read and write.
func TestListedOrigins(t *testing.T) {
	const origin = "https://app.example.org"
	s := serve(t, func(c *config.Config) { c.Server.Origins = []string{origin} })
	got := s.do(t, "OPTIONS", "/v1/documents/a", "", "Origin", origin, "Access-Control-Request-Method", "PUT", "Access-Control-Request-Headers", "content-type")
	if got.status != 204 || got.header.Get("Access-Control-Allow-Origin") != origin || !strings.Contains(got.header.Get("Access-Control-Allow-Methods"), "PUT") ||
		!strings.Contains(got.header.Get("Access-Control-Allow-Headers"), "Content-Type") || !strings.Contains(got.header.Get("Vary"), "Origin") {
		t.Errorf("a preflight: %d %v", got.status, got.header)
	}
	for _, name := range []string{"Mcp-Method", "Mcp-Name", "Mcp-Protocol-Version", "Mcp-Session-Id", "Last-Event-ID"} { // of clients of MCP, in all versions
		if !strings.Contains(got.header.Get("Access-Control-Allow-Headers"), name) {
			t.Errorf("a page may not send %s: %v", name, got.header)
		}
	}
	if got := s.do(t, "PUT", "/v1/documents/a", `{"text":"Rivers."}`, "Origin", origin, "Sec-Fetch-Site", "cross-site"); got.status != 200 || got.header.Get("Access-Control-Allow-Origin") != origin {
		t.Errorf("a write: %d %v %s", got.status, got.header, got.body)
	}
	if got := s.do(t, "PUT", "/v1/documents/a", `{"text":"Rivers."}`, "Origin", "https://app.example.org.evil.example"); got.status != 403 || got.header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("another origin: %d %v", got.status, got.header)
	}
}

// What this machine alone cannot reach needs --insecure, as for gRPC.
func TestAnAddressBeyondLoopbackIsRefused(t *testing.T) {
	c := config.Default()
	c.HTTP = "0.0.0.0:0"
	c.Listen, c.Admin, c.Data = "127.0.0.1:0", "", t.TempDir()
	if err := listenError(t, c); err == nil || !strings.Contains(err.Error(), "--insecure") || !strings.Contains(err.Error(), "0.0.0.0:0") {
		t.Errorf("the error is %v", err)
	}
	s := serve(t, func(c *config.Config) { c.HTTP, c.Insecure = "0.0.0.0:0", true })
	port := s.url[strings.LastIndex(s.url, ":"):]
	response, err := http.Get("http://127.0.0.1" + port + "/v1/info")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != 200 {
		t.Errorf("status %d", response.StatusCode)
	}
}
