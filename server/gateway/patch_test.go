package gateway_test

import (
	"fmt"
	"strings"
	"testing"
)

// A PATCH without a mask changes what its body names, and nothing else.
func TestPatchMerges(t *testing.T) {
	for _, store := range stores {
		t.Run(store, func(t *testing.T) { testPatch(t, serveOn(t, store, nil)) })
	}
}

func testPatch(t *testing.T, s *service) {
	const address = "/v1/documents/notes/e1"
	if got := s.do(t, "PUT", address, `{"text":"Rivers.","author":"A","tags":["x"],"metadata":{"a":"1","b":"1","c,d":1,"e.f":true}}`); got.status != 200 {
		t.Fatalf("%d %s", got.status, got.body)
	}
	for _, c := range []struct{ query, body, author, tags, metadata string }{
		{"", `{"metadata":{"b":"2"}}`, "A", `["x"]`, `{"a":"1","b":"2","c,d":1,"e.f":true}`},
		{"", `{"metadata":{"c,d":2,"e.f":false,"g\"h":"ü"}}`, "A", `["x"]`, `{"a":"1","b":"2","c,d":2,"e.f":false,"g\"h":"ü"}`},
		{"", `{"metadata":{"g\"h":null,"c,d":null,"none":null},"tags":null}`, "A", `[]`, `{"a":"1","b":"2","e.f":false}`},
		{"", `{"document_id":"notes/e1","author":"F","metadata":{}}`, "F", `[]`, `{"a":"1","b":"2","e.f":false}`},
		{"?update_mask=metadata.a", `{"author":"G","metadata":{"a":"5","b":"6"}}`, "F", `[]`, `{"a":"5","b":"2","e.f":false}`},
		{"?update_mask=metadata.e.f,metadata.b", `{"metadata":{"b":null}}`, "F", `[]`, `{"a":"5"}`},
		{"?update_mask=metadata", `{"metadata":{"n":[]}}`, "F", `[]`, `{"n":[]}`},
		{"?update_mask=metadata,author", `{"metadata":{"m":"1"},"author":"H"}`, "H", `[]`, `{"m":"1"}`},
		{"", `{"metadata":null,"author":null,"tags":["y"]}`, "", `["y"]`, `{}`},
		{"", `{"metadata":{"new":"1"}}`, "", `["y"]`, `{"new":"1"}`},
	} {
		got := s.do(t, "PATCH", address+c.query, c.body)
		if got.status != 200 || got.header.Get("ETag") == "" || got.header.Get("Content-Type") != "application/json" {
			t.Errorf("%s %s: %d %s", c.query, c.body, got.status, got.body)
			continue
		}
		want := fmt.Sprintf(`"author":%q,"tags":%s,"metadata":%s`, c.author, c.tags, c.metadata)
		if read := s.do(t, "GET", address+"?include_text=false", ""); !strings.Contains(read.body, want) {
			t.Errorf("after %s %s: %s\nwant %s", c.query, c.body, read.body, want)
		}
	}
	var many []string
	for i := range 257 {
		many = append(many, fmt.Sprintf(`"k%d":1`, i))
	}
	for _, c := range []struct{ query, body, field, part string }{
		{"", ``, "request", "changes nothing"},
		{"", `{"metadata":{}}`, "request", "changes nothing"},
		{"", `{"document_id":"notes/e1"}`, "request", "changes nothing"},
		{"", `{"document_id":"other","author":"a"}`, "document.document_id", "the id in the address"},
		{"", `{"author":"a","text":"b"}`, "document.text", "is the content"},
		{"", `{"title":null}`, "document.title", "cannot be updated"},
		{"", `{"metadata":{"":"a"}}`, "document.metadata", "empty key"},
		{"", `{"metadata":{"a\u0001":"a"}}`, "document.metadata.a\u0001", "control character"},
		{"", `{"metadata":{"a":{}}}`, "document.metadata.a", "is an object"},
		{"", `{"metadata":[]}`, "document.metadata", "must be an object"},
		{"", `{"metadata":{` + strings.Join(many, ",") + `}}`, "request", "the limit is 256"},
		{"", `{"autor":"a"}`, "document.autor", "author"},
		{"", `{"author":"a","author":"b"}`, "document.author", "twice"},
		{"", `[]`, "request", "object"},
		{"?update_mask=text", `{"author":"a"}`, "update_mask.paths[0]", "is the content"},
		{"?update_mask=", `{"author":"a"}`, "update_mask.paths[0]", "can be updated"},
		{"?document.author=a", `{"author":"a"}`, "document.author", "must not be in the query"},
	} {
		got := s.do(t, "PATCH", address+c.query, c.body, "Content-Type", "application/json")
		if got.status != 400 {
			t.Errorf("%s %.60s: %d %s", c.query, c.body, got.status, got.body)
			continue
		}
		if f := got.failure(t); f.field() != c.field || !strings.HasPrefix(f.Message, c.field+": ") || !strings.Contains(f.Message, c.part) {
			t.Errorf("%s %.60s: field %q of %s, want %q, %s", c.query, c.body, f.field(), f.Message, c.field, c.part)
		}
	}
	if got := s.do(t, "PATCH", address, `{"author":"a"}`, "If-Match", `"old"`); got.status != 412 {
		t.Errorf("an old etag: %d %s", got.status, got.body)
	}
}
