package serving_test

import (
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"dalil/internal/config"
	"dalil/internal/observe"
	"dalil/internal/serving"
)

// The limits and the audit log of the configuration apply to calls over HTTP, and are
// seen in the metrics.
func TestLimitsAndAuditLogOfTheConfiguration(t *testing.T) {
	path, key := newKeys(t)
	c := onLoopback()
	c.Access.Keys = path
	c.Limits.Requests = 0.01
	c.Audit = config.Audit{File: filepath.Join(t.TempDir(), "audit.jsonl"), Required: true}
	at := serve(t, c, false)
	defer http.DefaultClient.CloseIdleConnections()
	ask := func() (int, http.Header, string) {
		t.Helper()
		status, header, body, err := fetch(http.DefaultClient, "GET", "http://"+at.HTTP+"/v1/search?q=secret", "", "X-Api-Key", key["search"])
		if err != nil {
			t.Fatal(err)
		}
		return status, header, body
	}
	if status, _, body := ask(); status != 200 {
		t.Fatalf("the first call: %d %s", status, body)
	}
	if err := syscall.Kill(os.Getpid(), syscall.SIGHUP); err != nil { // as logrotate does
		t.Fatal(err)
	}
	status, header, body := ask()
	if status != 429 || header.Get("Retry-After") == "" || !strings.Contains(body, "RATE_LIMITED") {
		t.Errorf("the second call: %d, Retry-After %q, %s; want 429", status, header.Get("Retry-After"), body)
	}
	if status, _, _, err := fetch(http.DefaultClient, "GET", "http://"+at.HTTP+"/v1/search?q=secret", "", "X-Api-Key", "forged"); err != nil || status != 401 {
		t.Errorf("a wrong key: %d %v", status, err)
	}
	var missing []string
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) { // records are written in the background
		_, _, metrics, err := fetch(http.DefaultClient, "GET", "http://"+at.Admin+"/metrics", "")
		if err != nil {
			t.Fatal(err)
		}
		missing = nil
		for _, want := range []string{
			`dalil_access_refusals_total{kind="rate_limited",reason="requests_per_second"} 1`, `dalil_access_refusals_total{kind="unauthenticated",reason="malformed"} 1`,
			`dalil_access_expiry_timestamp_seconds{kind="key"} +Inf`, "dalil_audit_records_total 2", "dalil_audit_writable 1",
		} {
			if !strings.Contains(metrics, want+"\n") {
				missing = append(missing, want)
			}
		}
		if len(missing) == 0 || time.Now().After(deadline) {
			break
		}
	}
	if len(missing) > 0 {
		t.Errorf("the metrics have no %q", missing)
	}
	raw, err := os.ReadFile(c.Audit.File)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"principal":"search"`, `"reason":"RATE_LIMITED"`, `"outcome":"Unauthenticated"`, `"peer":"127.0.0.1"`, `"request_id":`} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("the audit log has no %s:\n%s", want, raw)
		}
	}
	if strings.Contains(string(raw), "secret") || strings.Contains(string(raw), key["search"]) {
		t.Errorf("the audit log has a question or a key:\n%s", raw)
	}
}

// A caller is charged for a request over HTTP before its body is read, and once.
func TestLimitsOfRequestsOverHTTP(t *testing.T) {
	path, key := newKeys(t)
	const search, tools = `{"query":"q"}`, `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`
	const question = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"search","arguments":{"query":"q"}}}`
	for name, requests := range map[string][]struct{ verb, path, body string }{
		"MCP":              {{"POST", "/mcp", tools}, {"POST", "/mcp", tools}},
		"a tool":           {{"POST", "/mcp", question}, {"POST", "/mcp", question}},
		"malformed JSON":   {{"POST", "/v1/search", "{"}, {"POST", "/v1/search", search}},
		"a description":    {{"GET", "/openapi.json", ""}, {"GET", "/v1/search?q=a", ""}},
		"Dify":             {{"GET", "/v1/search?q=a", ""}, {"POST", "/retrieval", `{"knowledge_id":"k","query":"q"}`}},
		"a vector store":   {{"GET", "/v1/search?q=a", ""}, {"POST", "/v1/vector_stores/v/search", search}},
		"a batch of lines": {{"GET", "/v1/search?q=a", ""}, {"POST", "/v1/documents:ingest", "{}"}},
	} {
		c := onLoopback()
		c.Access.Keys, c.Limits.Requests = path, 0.01
		at := serve(t, c, false)
		for i, request := range requests {
			header := []string{"X-Api-Key", key["admin"], "Accept", "application/json, text/event-stream"}
			if request.body != "" {
				header = append(header, "Content-Type", "application/json")
			}
			status, h, body, err := fetch(http.DefaultClient, request.verb, "http://"+at.HTTP+request.path, request.body, header...)
			if err != nil {
				t.Fatal(err)
			}
			if limited := i > 0; limited != (status == 429) || limited != (h.Get("Retry-After") != "") || !limited && strings.Contains(body, "requests a second") {
				t.Errorf("%s: request %d: %d, Retry-After %q, %s", name, i+1, status, h.Get("Retry-After"), body)
			}
		}
	}
	http.DefaultClient.CloseIdleConnections()
}

// A stream beyond the limit is refused as such, whatever its body does.
func TestLimitOfStreamsOverHTTP(t *testing.T) {
	path, key := newKeys(t)
	c := onLoopback()
	c.Access.Keys, c.Limits.Streams = path, 1
	at := serve(t, c, false)
	defer http.DefaultClient.CloseIdleConnections()
	ingest := func(body io.Reader) (*http.Response, error) {
		r, err := http.NewRequestWithContext(t.Context(), "POST", "http://"+at.HTTP+"/v1/documents:ingest", body)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Api-Key", key["write"])
		r.Header.Set("Content-Type", "application/x-ndjson")
		return http.DefaultClient.Do(r)
	}
	const line = `{"id":"a","text":"Rivers cross the old city."}` + "\n"
	body, more := io.Pipe()
	go func() { _, _ = io.WriteString(more, line) }() // and no end
	first, err := ingest(body)                        // returns with the first receipt
	if err != nil || first.StatusCode != 200 {
		t.Fatal(first, err)
	}
	defer first.Body.Close()
	defer more.Close()
	slow, never := io.Pipe()
	defer never.Close()
	second, err := ingest(slow)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Body.Close()
	if second.StatusCode != 429 || second.Header.Get("Retry-After") == "" {
		t.Errorf("a second stream: %d, Retry-After %q", second.StatusCode, second.Header.Get("Retry-After"))
	}
}

func TestAServerDoesNotStartWithoutItsAuditLog(t *testing.T) {
	c := onLoopback()
	c.Audit = config.Audit{File: filepath.Join(t.TempDir(), "missing", "audit.jsonl"), Required: true}
	front, err := serving.Open(c, slog.New(slog.DiscardHandler), observe.New(observe.ReadBuild()), nil, false)
	if err == nil {
		front.Close()
	}
	if err == nil || !strings.Contains(err.Error(), "audit.file") {
		t.Errorf("got %v, want an error that names audit.file", err)
	}
	c.Audit.Required = false
	front, err = serving.Open(c, slog.New(slog.DiscardHandler), observe.New(observe.ReadBuild()), nil, false)
	if err != nil {
		t.Fatalf("with audit.required false: %v", err)
	}
	front.Close()
}

// A file of keys that is broken while the server runs is seen in the metrics, and the
// earlier keys stay valid.
func TestABrokenFileOfKeys(t *testing.T) {
	path, key := newKeys(t)
	c := onLoopback()
	c.Access.Keys = path
	at := serve(t, c, false)
	defer http.DefaultClient.CloseIdleConnections()
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	const want = `dalil_access_stale{source="keys"} 1`
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) { // the file is looked at every second
		_, _, metrics, err := fetch(http.DefaultClient, "GET", "http://"+at.Admin+"/metrics", "")
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(metrics, want+"\n") && strings.Contains(metrics, `dalil_access_stale{source="jwks"} 0`) {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("the metrics have no %s", want)
		}
	}
	if status, _, body, err := fetch(http.DefaultClient, "GET", "http://"+at.HTTP+"/v1/search?q=a", "", "X-Api-Key", key["search"]); err != nil || status != 200 {
		t.Errorf("an earlier key: %d %s, %v", status, body, err)
	}
}
