package parser_test

import (
	"errors"
	"strings"
	"testing"

	"dalil/corpus"
	"dalil/parser"
)

// Groups come from records and front matter; those that cannot be read are refused, so
// that nobody else sees the document.
func TestGroups(t *testing.T) {
	const refused = "refused"
	for _, c := range []struct{ name, mediaType, body, want string }{
		{"none", "text/markdown", "---\ntitle: a\n---\nText.", ""},
		{"a list", "text/markdown", "---\ngroups: [editors, \"legal team\"]\n---\nText.", "editors|legal team"},
		{"one name", "text/markdown", "---\nGroups: editors\n---\nText.", "editors"},
		{"between commas", "text/markdown", "---\ngroups: editors, legal\n---\nText.", "editors|legal"},
		{"TOML", "text/markdown", "+++\ngroups = [\"editors\"]\n+++\nText.", "editors"},
		{"no YAML", "text/markdown", "---\ntitle: a: b: c\ngroups: [editors]\n---\nText.", "editors"},
		{"a mapping", "text/markdown", "---\ngroups: {a: b}\n---\nText.", refused},
		{"an empty name", "text/markdown", "---\ngroups: \"\"\n---\nText.", refused},
		{"a list in a list", "text/markdown", "---\ngroups: [[a]]\n---\nText.", refused},
		{"no YAML, a list below", "text/markdown", "---\ntitle: a: b: c\ngroups:\n- editors\n---\nText.", refused},
		{"no value", "text/markdown", "---\ntitle: A\ngroups:\n---\nText.", refused},
		{"an empty list", "text/markdown", "---\ngroups: []\n---\nText.", refused},
		{"a blank line first", "text/markdown", "\n---\ngroups: [hr]\n---\nText.", refused},
		{"no end", "text/markdown", "---\ntitle: A\ngroups: [hr]\n\nText.", refused},
		{"a rule and a later line", "text/markdown", "---\nText.\n\ngroups: a word of the text\n", ""},
		{"no TOML", "text/markdown", "+++\ntitle = \ngroups = [\"editors\"]\n+++\nText.", refused},
		{"a record", "application/json", `{"id":"a","text":"Text.","groups":["editors","legal"]}`, "editors|legal"},
		{"a record with one", "application/json", `{"id":"a","text":"Text.","groups":"editors"}`, "editors"},
		{"a record with an object", "application/json", `{"id":"a","text":"Text.","groups":{"a":"b"}}`, refused},
		{"a record with a number", "application/json", `{"id":"a","text":"Text.","groups":7}`, refused},
	} {
		parsed, err := parser.New(parser.Options{}).Parse(t.Context(), corpus.Raw{Document: corpus.Document{ID: "a"}, MediaType: c.mediaType, Body: []byte(c.body)})
		got := strings.Join(parsed.Document.Groups, "|")
		if (c.want == refused) != errors.Is(err, corpus.ErrInvalid) || c.want != refused && (err != nil || got != c.want) {
			t.Errorf("%s: groups %q, error %v, want %s", c.name, got, err, c.want)
		}
		if len(parsed.Document.Metadata) > 0 {
			t.Errorf("%s: metadata %v", c.name, parsed.Document.Metadata)
		}
	}
}
