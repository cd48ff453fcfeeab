package parser_test

import (
	"strings"
	"testing"
	"time"

	"dalil/corpus"
	"dalil/parser"
)

// When a document may be found, and its source version, in each format that has
// fields.
func TestLifeOfADocument(t *testing.T) {
	until, from := time.Date(2035, 1, 2, 3, 4, 5, 600_000, time.UTC), time.Date(2034, 12, 31, 22, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct{ media, body string }{
		"a record":          {"application/json", `{"text":"x","expires_at":"2035-01-02T03:04:05.0006Z","visible_from":"2035-01-01T00:00:00+02:00","source_version":9007199254740993}`},
		"a record of texts": {"application/json", `{"text":"x","expires_at":"2035-01-02T03:04:05.0006Z","visible_from":"2034-12-31 22:00:00Z","source_version":"9007199254740993"}`},
		"YAML":              {"text/markdown", "---\nexpires_at: 2035-01-02T03:04:05.0006Z\nvisible_from: 2035-01-01T00:00:00+02:00\nsource_version: 9007199254740993\n---\nx"},
		"TOML":              {"text/markdown", "+++\nexpires_at = 2035-01-02T03:04:05.0006Z\nvisible_from = \"2035-01-01T00:00:00+02:00\"\nsource_version = 9007199254740993\n+++\nx"},
		"JSON front matter": {"text/markdown", `{"expires_at":"2035-01-02T03:04:05.0006Z","visible_from":"2034-12-31T22:00:00Z","source_version":9007199254740993}` + "\nx"},
	} {
		got, err := parser.New(parser.Options{}).Parse(t.Context(), corpus.Raw{Body: []byte(test.body), MediaType: test.media})
		d := got.Document
		if err != nil || len(got.Warnings) > 0 || !d.ExpiresAt.Equal(until) || !d.VisibleFrom.Equal(from) || d.SourceVersion == nil || *d.SourceVersion != 9007199254740993 {
			t.Errorf("%s: %+v, warnings %v, error %v", name, d, got.Warnings, err)
		}
	}
	// The caller's own win.
	version := int64(7)
	got, err := parser.New(parser.Options{}).Parse(t.Context(), corpus.Raw{
		Document: corpus.Document{ExpiresAt: from, SourceVersion: &version}, MediaType: "application/json",
		Body: []byte(`{"text":"x","expires_at":"2035-01-02","visible_from":"2030-05-06","source_version":3}`),
	})
	if d := got.Document; err != nil || !d.ExpiresAt.Equal(from) || *d.SourceVersion != 7 || !d.VisibleFrom.Equal(time.Date(2030, 5, 6, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("the caller's own: %+v, error %v", d, err)
	}
	for _, bad := range []string{
		`"expires_at":"tomorrow"`, `"expires_at":"01/02/2035"`, `"visible_from":12`, `"visible_from":""`, `"source_version":-1`,
		`"source_version":1.5`, `"source_version":"new"`, `"source_version":9223372036854775808`, `"source_version":true`,
	} {
		_, err := parser.New(parser.Options{}).Parse(t.Context(), corpus.Raw{Body: []byte(`{"text":"x",` + bad + `}`), MediaType: "application/json"})
		field, _, _ := strings.Cut(bad[1:], `"`)
		if corpus.KindOf(err) != corpus.ErrInvalid || !strings.Contains(err.Error(), field) {
			t.Errorf("%s: error %v, want one that names %s", bad, err, field)
		}
	}
	d, err := parser.New(parser.Options{}).Parse(t.Context(), corpus.Raw{Body: []byte("---\nexpires_at: soon\nsource_version: x\n---\nx"), MediaType: "text/markdown"})
	if err != nil || len(d.Warnings) != 2 || !d.Document.ExpiresAt.IsZero() || d.Document.SourceVersion != nil {
		t.Errorf("front matter that is not understood: %+v, warnings %v, error %v", d.Document, d.Warnings, err)
	}
}
