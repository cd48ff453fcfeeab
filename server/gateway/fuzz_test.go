package gateway_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"
)

// Whatever a client sends, the answer is JSON with a status that is not the server's fault, and has nothing that belongs
// to another tenant.
func FuzzRequests(f *testing.F) {
	for _, seed := range [][3]string{
		{"GET", "/v1/search?q=a&limit=1&arms=DENSE&fusion.k=3", ""},
		{"POST", "/v1/search", `{"query":"a","filter":{"not":{"in":{"field":"TAG","values":["x"]}}}}`},
		{"PUT", "/v1/documents/a%2Fb?if_match=*", `{"text":"a","metadata":{"k":[1,"x"]},"published_at":"2024-05-01"}`},
		{"PATCH", "/v1/documents/a", `{"tags":null}`},
		{"GET", "/v1/facets?fields=language&limit=2", ""},
		{"POST", "/retrieval", `{"knowledge_id":"a","query":"b","metadata_condition":{"conditions":[{"name":["a"],"comparison_operator":">","value":"5"}]}}`},
		{"POST", "/v1/vector_stores/x/search", `{"query":["a"],"filters":{"type":"and","filters":[{"type":"in","key":"a","value":[1,true]}]}}`},
		{"POST", "/mcp", `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`},
		{"DELETE", "/v1/collections/x?grace=1s", ""},
		{"GET", "/v1/documents//?page_size=\x00", ""},
		{"POST", "/v1/context", "\xff\xfe"},
		{"OPTIONS", "/", ""},
		{"GET", "/v1/documents/%00?include_text=1", ""},
	} {
		f.Add(seed[0], seed[1], seed[2])
	}
	y := serveTenants(f, "local", 3)
	f.Cleanup(func() { y.unchanged(f) })
	base, x := y.url, y.theirs[0]
	for _, seed := range [][3]string{
		{"GET", "/v1/documents/<document>?include_passages=true", ""},
		{"GET", "/v1/passages?passage_ids=<passage>&neighbours=2", ""},
		{"DELETE", "/v1/documents/<document>", ""},
		{"PATCH", "/v1/documents/<document>", `{"title":"taken"}`},
		{"GET", "/v1/operations/<operation>", ""},
		{"POST", "/v1/similar", `{"document_id":"<document>"}`},
		{"POST", "/v1/documents:list", `{"filter":{"not":{"in":{"field":"SOURCE","values":["x"]}}}}`},
		{"POST", "/v1/documents:explain", about["ExplainDocument"]},
		{"GET", "/v1/documents/%01sport%01<document>", ""},
	} {
		f.Add(seed[0], x.in(seed[1]), x.in(seed[2]))
	}
	f.Fuzz(func(t *testing.T, method, target, body string) {
		path, query, _ := strings.Cut(target, "?")
		at, err := url.Parse(base)
		if err != nil {
			t.Fatal(err)
		}
		if at.Path, err = url.PathUnescape(path); err != nil || !strings.HasPrefix(at.Path, "/") {
			t.Skip("a client does not send it")
		}
		at.RawPath, at.RawQuery = path, query
		r, err := http.NewRequest(method, at.String(), strings.NewReader(body))
		if err != nil || method == "CONNECT" || r.URL.Path == "/v1/documents:ingest" {
			t.Skip("a client does not send it, or it is a stream")
		}
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Accept", "application/json, text/event-stream")
		r.Header.Set("Authorization", "Bearer "+y.keys["news"])
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Skip(err) // of a method or an address that the client refuses
		}
		defer response.Body.Close()
		data, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		if response.StatusCode == http.StatusInternalServerError || response.StatusCode > http.StatusNotImplemented {
			t.Errorf("%s %s %q: %d %s", method, target, body, response.StatusCode, data)
		}
		if strings.Contains(string(data), "emirates") && !strings.Contains(target+body, "emirates") {
			t.Errorf("%s %s %q: the answer has what belongs to another tenant: %s", method, target, body, data)
		}
		if response.Header.Get("Content-Type") == "application/json" && method != http.MethodHead && len(data) > 0 && !json.Valid(data) {
			t.Errorf("%s %s %q: no JSON: %s", method, target, body, data)
		}
	})
}

// Every line of a stream has one receipt, or the stream ends with an error.
func FuzzIngest(f *testing.F) {
	for _, seed := range []string{
		"", "\n\n", `{"id":"a","text":"b"}`, "{\"id\":\"a\",\"text\":\"b\"}\r\n{\"text\":\"c\"}\n", "[\n]", "{\n", "\xef\xbb\xbf{\"text\":\"x\"}", "\x00\n\xff", `{"text":1}`,
		"{\"text\":\"a\",\"metadata\":{\"k\":null}}\nnull\n5\n", "\xff\xfe{\x00}\x00\n\x00",
	} {
		f.Add([]byte(seed))
	}
	y := serveTenants(f, "local", 1)
	f.Cleanup(func() { y.unchanged(f) })
	f.Add([]byte(y.theirs[0].in(`{"id":"<document>","text":"b"}`)))
	f.Fuzz(func(t *testing.T, body []byte) {
		r, err := http.NewRequest(http.MethodPost, y.url+ingestAddress, bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-ndjson")
		r.Header.Set("X-Api-Key", y.keys["news"])
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		if response.StatusCode != http.StatusOK {
			data, _ := io.ReadAll(response.Body)
			t.Fatalf("%d %s", response.StatusCode, data)
		}
		seen := map[int]bool{}
		for _, l := range linesOf(t, response.Body) {
			if seen[l.Sequence] || l.Error != nil || l.Receipt.Outcome == "" {
				t.Errorf("%+v", l)
			}
			seen[l.Sequence] = true
		}
		for i := range seen {
			if i < 1 || i > len(seen) {
				t.Errorf("document %d of %d", i, len(seen))
			}
		}
		if !bytes.ContainsAny(body, "\r\n\x00") && len(bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")))) > 0 && len(seen) != 1 && utf8.Valid(body) {
			t.Errorf("%d receipts of %q", len(seen), body)
		}
	})
}
