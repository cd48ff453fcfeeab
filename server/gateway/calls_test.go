package gateway_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// Each call answers, and each of its mistakes has its status, reason and field.
func TestCallsAndTheirErrors(t *testing.T) {
	for _, store := range stores {
		t.Run(store, func(t *testing.T) { testCalls(t, serveOn(t, store, nil)) })
	}
}

func testCalls(t *testing.T, s *service) {
	var found struct {
		Passages []struct {
			PassageID string `json:"passage_id"`
		}
	}
	s.do(t, "GET", "/v1/search?q=poverty&limit=2", "").decode(t, &found)
	if len(found.Passages) != 2 {
		t.Fatalf("%d passages, want 2", len(found.Passages))
	}
	for _, c := range []struct {
		method, address, body string
		status                int
		want                  string // a part of the body, or the reason of an error
		field                 string // of an error
	}{
		{"GET", "/v1/search?query=poverty&page_size=1&view=ids&fusion.k=10&arms=dense&arms=LEXICAL", "", 200, `"rank":1`, ""},
		{"GET", "/v1/search", "", 400, "INVALID", "query"},
		{"GET", "/v1/search?q=a&q=b", "", 400, "INVALID", "q"},
		{"GET", "/v1/search?q=a&limit=many", "", 400, "INVALID", "limit"},
		{"GET", "/v1/search?q=a&limit=1000", "", 400, "INVALID", "limit"},
		{"GET", "/v1/search?q=a&pagesize=1", "", 400, "INVALID", "pagesize"},
		{"GET", "/v1/search?q=a&history=b", "", 400, "INVALID", "history"},
		{"GET", "/v1/search?q=a;b", "", 400, "INVALID", "address"},
		{"POST", "/v1/search", `{"query":"poverty"}`, 200, `"passages":[{`, ""},
		{"POST", "/v1/search", `{"query":"poverty","arms":["DENSY"]}`, 400, "INVALID", "arms[0]"},
		{"POST", "/v1/search", `{"query":"poverty","filter":{"in":{"feild":"LANGUAGE"}}}`, 400, "INVALID", "filter.in.feild"},
		{"POST", "/v1/search", `{"query":"poverty"`, 400, "INVALID", "request"},
		{"POST", "/v1/search", `[]`, 400, "INVALID", "request"},
		{"POST", "/v1/search", "\xff", 400, "INVALID", "request"},
		{"POST", "/v1/search?limit=1", `{"query":"poverty"}`, 400, "INVALID", "limit"},
		{"POST", "/v1/search", `{"query":"poverty","page_token":"x"}`, 400, "INVALID", "page_token"},
		{"POST", "/v1/context", `{"query":"poverty reduction","max_tokens":200}`, 200, `"blocks":[{`, ""},
		{"POST", "/v1/context", `{"query":""}`, 400, "INVALID", ""},
		{"POST", "/v1/grounding:check", `{"answer":"Poverty fell.","texts":["Poverty fell by half."]}`, 200, `"claims":[{`, ""},
		{"POST", "/v1/grounding:check", `{"answer":""}`, 400, "INVALID", ""},
		{"GET", "/v1/passages?passage_ids=" + found.Passages[0].PassageID + "&passage_ids=" + found.Passages[1].PassageID, "", 200, found.Passages[1].PassageID, ""},
		{"GET", "/v1/passages?passage_ids=0", "", 400, "INVALID", "passage_ids[0]"},
		{"GET", "/v1/passages", "", 400, "INVALID", "passage_ids"},
		{"GET", "/v1/passages", `{"passage_ids":[]}`, 400, "INVALID", "request"},

		{"PUT", "/v1/documents/d1", `{"text":"Rivers cross the old city.","metadata":{"year":2022}}`, 200, `"outcome":"INDEXED"`, ""},
		{"PUT", "/v1/documents/d1", `{"text":"Rivers cross the old city.","metadata":{"year":2022}}`, 200, `"outcome":"UNCHANGED"`, ""},
		{"PUT", "/v1/documents/d1?if_none_match=*", `{"text":"Bridges."}`, 409, "CONFLICT", ""},
		{"PUT", "/v1/documents/d1", `{"text":"Rivers.","titel":"x"}`, 400, "INVALID", "document.titel"},
		{"PUT", "/v1/documents/d1", `{"text":"Rivers.","language":"!"}`, 400, "INVALID", "document.language"},
		{"PUT", "/v1/documents/d1", `{"text":"Rivers.","document_id":"d2"}`, 400, "INVALID", "document.document_id"},
		{"PUT", "/v1/documents/d1?document.title=x", `{"text":"Rivers."}`, 400, "INVALID", "document.title"},
		{"PUT", "/v1/documents/d1", `{"document_id":"d1","text":"Rivers cross the old city.","metadata":{"year":2022}}`, 200, `"outcome":"UNCHANGED"`, ""},
		{"PUT", "/v1/documents/d1", `{}`, 400, "INVALID", "document"},
		{"PUT", "/v1/documents/", `{"text":"Rivers."}`, 400, "INVALID", "document.document_id"},
		{"POST", "/v1/documents", `{"document_id":"d2","text":"Bridges and rivers."}`, 200, `"document_id":"d2"`, ""},
		{"POST", "/v1/documents", `{"text":"Bridges and rivers."}`, 400, "INVALID", "document.document_id"},
		{"GET", "/v1/documents/d1", "", 200, `"metadata":{"year":2022}`, ""},
		{"GET", "/v1/documents/d1?include_text=false", "", 200, `"title":""`, ""},
		{"GET", "/v1/documents/d1?include_text=no", "", 400, "INVALID", "include_text"},
		{"GET", "/v1/documents/d1?document_id=d2", "", 400, "INVALID", "document_id"},
		{"GET", "/v1/documents/none", "", 404, "NOT_FOUND", ""},
		{"GET", "/v1/documents?page_size=3", "", 200, `"next_page_token":"`, ""},
		{"GET", "/v1/documents?page_token=x", "", 400, "INVALID", "page_token"},
		{"POST", "/v1/documents:list", `{"page_size":1}`, 200, `"documents":[{`, ""},
		{"PATCH", "/v1/documents/d1", `{"author":"Ibn Battuta","metadata":{"year":2023}}`, 200, `"outcome":"INDEXED"`, ""},
		{"GET", "/v1/documents/d1?include_text=false", "", 200, `"author":"Ibn Battuta","tags":[],"metadata":{"year":2023}`, ""},
		{"PATCH", "/v1/documents/d1?update_mask=author", `{"metadata":{"year":1}}`, 200, `"outcome":"INDEXED"`, ""},
		{"GET", "/v1/documents/d1?include_text=false", "", 200, `"author":"","tags":[],"metadata":{"year":2023}`, ""},
		{"PATCH", "/v1/documents/d1?update_mask=metadata.year,author", `{"metadata":{"year":2024},"author":"a"}`, 200, `"outcome":"INDEXED"`, ""},
		{"PATCH", "/v1/documents/d1", `{"author":null}`, 200, `"outcome":"INDEXED"`, ""},
		{"GET", "/v1/documents/d1?include_text=false", "", 200, `"author":"","tags":[],"metadata":{"year":2024}`, ""},
		{"PATCH", "/v1/documents/d1", `{"text":"x"}`, 400, "INVALID", ""},
		{"PATCH", "/v1/documents/d1", `{"autor":"x"}`, 400, "INVALID", "document.autor"},
		{"PATCH", "/v1/documents/none", `{"author":"x"}`, 404, "NOT_FOUND", ""},
		{"POST", "/v1/documents:batch", `{"requests":[{"document":{"document_id":"b1","text":"One river."}},{"document":{"document_id":"","text":"x"}}]}`, 200, `"outcome":"INDEXED"`, ""},
		{"POST", "/v1/documents:batch", `{"requests":[]}`, 400, "INVALID", "requests"},
		{"POST", "/v1/documents:delete", `{"filter":{"metadata":{"key":"year","values":[2024]}},"validate_only":true}`, 200, `"operation"`, ""},
		{"POST", "/v1/documents:delete", `{"filter":{"metadata":{"key":""}}}`, 400, "INVALID", ""},
		{"DELETE", "/v1/documents/b1", "", 200, `"outcome":"DELETED"`, ""},
		{"GET", "/v1/facets?fields=language&fields=metadata.year&limit=2", "", 200, `"field":"metadata.year"`, ""},
		{"GET", "/v1/facets?fields=language&filter=x", "", 400, "INVALID", "filter"},
		{"GET", "/v1/facets?fields=colour", "", 400, "INVALID", ""},
		{"GET", "/v1/facets", "", 200, `"field":"language"`, ""},
		{"GET", "/v1/facets?limit=3", "", 400, "INVALID", "limit"},
		{"POST", "/v1/facets", `{"facets":[{"field":"language"}],"filter":{"metadata":{"key":"year","values":[2024]}}}`, 200, `"total_size":1`, ""},
		{"GET", "/v1/failures?page_size=1", "", 200, `"failures":`, ""},
		{"GET", "/v1/failures?page_token=x", "", 400, "INVALID", "page_token"},
		{"POST", "/v1/similar", `{"document_id":"d1","page_size":2}`, 200, `"passages":[{`, ""},
		{"POST", "/v1/similar", `{"document_id":"d1","text":"x"}`, 400, "INVALID", "text"},
		{"POST", "/v1/documents:explain", `{"search":{"query":"rivers"},"document_id":"d1"}`, 200, `"`, ""},
		{"POST", "/v1/documents:explain", `{"search":{"query":"rivers"}}`, 400, "INVALID", "document_id"},
		{"POST", "/v1/documents:preview", `{"document":{"document_id":"p","text":"Rivers."}}`, 200, `"passages":[{`, ""},
		{"POST", "/v1/search:batch", `{"requests":[{"query":"poverty","page_size":1},{"query":""}]}`, 200, `"responses":[{`, ""},
		{"POST", "/v1/search:batch", `{}`, 400, "INVALID", "requests"},
		{"DELETE", "/v1/documents/d2?source_version=x", "", 400, "INVALID", "source_version"},
		{"DELETE", "/v1/documents/d2", "", 200, `"outcome":"DELETED"`, ""},
		{"DELETE", "/v1/documents/d2?if_match=*", "", 409, "CONFLICT", ""},
		{"POST", "/v1/documents:preview", `{"document":{"document_id":"d3","text":"Rivers."}}`, 200, `"words":[{"word":"rivers","term":"river"`, ""},
		{"POST", "/v1/documents:preview", `{"document":{"text":"Rivers."}}`, 400, "INVALID", "document.document_id"},
		{"POST", "/v1/documents:explain", `{"document_id":"d1","search":{"query":"rivers"}}`, 200, `"cause":"RANKED"`, ""},
		{"POST", "/v1/documents:explain", `{"document_id":"none","search":{"query":"rivers"}}`, 200, `"cause":"NOT_INDEXED"`, ""},
		{"POST", "/v1/documents:explain", `{"document_id":"d1","search":{"query":""}}`, 400, "INVALID", "search.query"},
		{"POST", "/v1/similar", `{"document_id":"d1"}`, 200, `"passages":[{`, ""},
		{"POST", "/v1/similar", `{"text":"rivers"}`, 200, `"document_id":"d1"`, ""},
		{"POST", "/v1/similar", `{}`, 400, "INVALID", "request"},
		{"POST", "/v1/similar", `{"text":" "}`, 400, "INVALID", "text"},
		{"POST", "/v1/similar", `{"document_id":"d1","text":"rivers"}`, 400, "INVALID", "text"},
		{"POST", "/v1/similar", `{"document_id":"none"}`, 404, "NOT_FOUND", ""},

		{"GET", "/v1/info", "", 200, `"build":{`, ""},
		{"GET", "/v1/info?x=1", "", 400, "INVALID", "x"},
		{"GET", "/v1/stats", "", 200, `"documents":6`, ""},
		{"GET", "/v1/operations", "", 200, `"operations":[`, ""},
		{"GET", "/v1/operations/none", "", 404, "NOT_FOUND", ""},
		{"POST", "/v1/operations/none:wait", `{"timeout":"1s"}`, 404, "NOT_FOUND", ""},
		{"POST", "/v1/operations/none:cancel", `{}`, 404, "NOT_FOUND", ""},

		{"GET", "/v1/none", "", 404, "UNSUPPORTED", ""},
		{"POST", "/", "", 405, "UNSUPPORTED", ""},
		{"DELETE", "/v1/search", "", 405, "UNSUPPORTED", ""},
		{"DELETE", "/v1/documents", "", 405, "UNSUPPORTED", ""},
		{"GET", "/v1/documents:ingest", "", 405, "UNSUPPORTED", ""},
	} {
		got := s.do(t, c.method, c.address, c.body)
		name := c.method + " " + c.address + " " + c.body
		if got.status != c.status {
			t.Errorf("%s: status %d, want %d\n%.300s", name, got.status, c.status, got.body)
			continue
		}
		if c.status == 200 {
			if !strings.Contains(got.body, c.want) || got.header.Get("Content-Type") != "application/json" || !strings.HasSuffix(got.body, "}\n") {
				t.Errorf("%s: %.500s\nwant %s", name, got.body, c.want)
			}
			continue
		}
		f := got.failure(t)
		if f.reason() != c.want || c.field != "" && f.field() != c.field {
			t.Errorf("%s: reason %s, field %s, want %s, %s\n%.300s", name, f.reason(), f.field(), c.want, c.field, got.body)
		}
		if c.status == 405 && got.header.Get("Allow") == "" {
			t.Errorf("%s: no header Allow", name)
		}
	}
	if s.log.String() == "" || strings.Contains(s.log.String(), "poverty") {
		t.Error("the log is empty, or it has a question")
	}
}

// An error names what the caller wrote and where, and what to do instead.
func TestErrorsSayWhatTheCallerWrote(t *testing.T) {
	s := serve(t, nil)
	for _, c := range []struct {
		method, address, body string
		status                int
		message               string
	}{
		{"GET", "/v1/search?q=a&limit=x", "", 400, "limit: must be a whole number, is a string"},
		{"GET", "/v1/search?q=", "", 400, "q: is empty"},
		{"GET", "/v1/search?query=", "", 400, "query: is empty"},
		{"GET", "/v1/search?q=a;limit=3", "", 400, "address: has a query that cannot be read: it has a semicolon, or a percent sign that no two hexadecimal digits follow"},
		{"POST", ingestAddress + "?a=b", "{}", 400, "address: must have no query"},
		{"PUT", "/v1/documents/x?document_id=y", `{"text":"a"}`, 400, "document_id: must not be in the query: it is in the path"},
		{"PATCH", "/v1/documents/x?document_id=y", `{"author":"a"}`, 400, "document_id: must not be in the query: it is in the path"},
		{"PUT", "/v1/documents/x?text=y", `{"text":"a"}`, 400, "text: must not be in the query: it is a member of the body"},
		{"POST", "/v1/documents?document_id=y", `{"text":"a"}`, 400, "document_id: must not be in the query: it is a member of the body"},
		{"POST", "/v1/operations/x:wait?operation_id=y", `{}`, 400, "operation_id: must not be in the query: POST /v1/operations/{operation_id}:wait has no fields there"},
		{"POST", "/v1/search", gzipped(`{"query":"poverty"}`)[:20], 400, "request: ends before its gzip data does"},
		{"GET", "/v1/nothing", "", 404, "there is no such address; /docs shows all addresses, and /openapi.json lists them"},
		{"GET", "/retrieval", "", 405, "this address has only the method POST"},
		{"POST", "/docs", "", 405, "this address has only the method GET"},
		{"POST", "/v1/nothing", "", 404, "there is no such address; /docs shows all addresses, and /openapi.json lists them"},
		{"PATCH", "/v1/documents", "", 405, "this address has only the methods POST, GET"},
	} {
		var header []string
		if strings.HasPrefix(c.body, "\x1f\x8b") {
			header = []string{"Content-Encoding", "gzip"}
		}
		got := s.do(t, c.method, c.address, c.body, header...)
		f := got.failure(t)
		if got.status != c.status || f.Message != c.message {
			t.Errorf("%s %s: %d %s\nwant %d %s", c.method, c.address, got.status, f.Message, c.status, c.message)
		}
		if field, description, named := strings.Cut(c.message, ": "); c.status == 400 && (!named || f.field() != field || f.Details[1].FieldViolations[0].Description != description) {
			t.Errorf("%s %s: field %s of %s", c.method, c.address, f.field(), got.body)
		}
	}
}

// An id may have any characters, slashes among them, written as they are or as %2F.
func TestIDsInAddresses(t *testing.T) {
	s := serve(t, nil)
	for _, id := range []string{
		"news/2024/may", "/rooted", "a//b", "trailing/", "100%", "a%2Fb", "a+b c", "q?x#y", "التعاون/الرقمي", "urn:x:y", "docs:batch", "x:list", "..", "a/../b", "{}", "~!@$&'()*,;=",
	} {
		for _, written := range []string{url.PathEscape(id), strings.ReplaceAll(url.PathEscape(id), "%2F", "/")} {
			if strings.Contains("/"+id+"/", "/../") && strings.Contains(written, "/") || id == ".." {
				continue // clients take such a path for another one
			}
			address := "/v1/documents/" + written
			if got := s.do(t, "PUT", address, `{"text":"Rivers cross the old city."}`); got.status != 200 {
				t.Errorf("PUT %s: %d %s", address, got.status, got.body)
				continue
			}
			var read struct {
				Document struct {
					ID string `json:"document_id"`
				}
			}
			s.do(t, "GET", address, "").decode(t, &read)
			if read.Document.ID != id {
				t.Errorf("GET %s: the id is %q, want %q", address, read.Document.ID, id)
			}
			if got := s.do(t, "DELETE", address, ""); got.status != 200 {
				t.Errorf("DELETE %s: %d %s", address, got.status, got.body)
			}
		}
	}
}

// The headers of HTTP for versions of a document are the fields of the wire.
func TestVersionsOfDocuments(t *testing.T) {
	s := serve(t, nil)
	put := func(text string, header ...string) reply {
		return s.do(t, "PUT", "/v1/documents/d", `{"text":"`+text+`"}`, header...)
	}
	first := put("One river.", "If-None-Match", "*")
	tag := first.header.Get("ETag")
	if control := first.header.Get("Cache-Control"); control != "no-store" {
		t.Errorf("Cache-Control %q, but another caller gets another document", control)
	}
	if first.status != 200 || len(tag) < 10 || tag[0] != '"' {
		t.Fatalf("status %d, etag %s", first.status, tag)
	}
	if again := put("Two rivers.", "If-None-Match", "*"); again.status != 412 || again.failure(t).reason() != "CONFLICT" {
		t.Errorf("a second creation: %d %s", again.status, again.body)
	}
	read := s.do(t, "GET", "/v1/documents/d", "")
	if read.header.Get("ETag") != tag {
		t.Errorf("etag %s, want %s", read.header.Get("ETag"), tag)
	}
	for header, want := range map[string]int{tag: 304, "W/" + tag: 304, `"x", ` + tag: 304, "*": 304, `"x"`: 200} {
		got := s.do(t, "GET", "/v1/documents/d", "", "If-None-Match", header)
		if got.status != want || want == 304 && (got.body != "" || got.header.Get("ETag") != tag) {
			t.Errorf("If-None-Match %s: status %d, want %d; %s", header, got.status, want, got.body)
		}
	}
	for _, header := range []string{`x`, `W/` + tag, `"a", "b"`, `"`} {
		if got := put("Two rivers.", "If-Match", header); got.status != 400 || got.failure(t).field() != "header.if-match" {
			t.Errorf("If-Match %s: %d %s", header, got.status, got.body)
		}
	}
	if got := s.do(t, "PATCH", "/v1/documents/d", `{"author":"a"}`, "If-None-Match", "*"); got.status != 400 || got.failure(t).field() != "header.if-none-match" {
		t.Errorf("PATCH if there is none: %d %s", got.status, got.body)
	}
	if got := s.do(t, "DELETE", "/v1/documents/d", "", "If-None-Match", "*"); got.status != 400 || got.failure(t).field() != "header.if-none-match" {
		t.Errorf("DELETE if there is none: %d %s", got.status, got.body)
	}
	if got := s.do(t, "DELETE", "/v1/documents/d", "", "If-Match", `"`+strings.Repeat("a", 200)+`"`); got.status != 400 || got.failure(t).field() != "header.if-match" {
		t.Errorf("DELETE with a long etag: %d %s", got.status, got.body)
	}
	second := put("Two rivers.", "If-Match", tag)
	if second.status != 200 || second.header.Get("ETag") == tag {
		t.Fatalf("%d %s", second.status, second.body)
	}
	if late := put("Three rivers.", "If-Match", tag); late.status != 412 {
		t.Errorf("a write on an old version: %d %s", late.status, late.body)
	}
	if late := s.do(t, "DELETE", "/v1/documents/d", "", "If-Match", tag); late.status != 412 {
		t.Errorf("a deletion of an old version: %d %s", late.status, late.body)
	}
	if got := s.do(t, "DELETE", "/v1/documents/d", "", "If-Match", second.header.Get("ETag")); got.status != 200 {
		t.Errorf("a deletion: %d %s", got.status, got.body)
	}
	if got := s.do(t, http.MethodHead, "/v1/info", ""); got.status != 200 || got.body != "" || got.header.Get("Content-Length") == "" {
		t.Errorf("HEAD: %+v", got)
	}
}
