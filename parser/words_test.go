package parser_test

import (
	"strings"
	"testing"

	"dalil/corpus"
	"dalil/parser"
)

// Errors are in our own words, without the texts of the libraries that read.
func TestErrorsAreInOurOwnWords(t *testing.T) {
	for name, test := range map[string]struct{ media, body, want string }{
		"a media type":    {"////;;;", "x", "is not a media type such as text/html"},
		"its parameter":   {"text/html; charset", "x", "is not a media type such as text/html"},
		"a comma":         {"application/json", `{"text":"a",}`, "is not valid JSON: there is a mistake near byte 12"},
		"a cut record":    {"application/json", `{"text":"a"`, "is not valid JSON: it ends before the object does"},
		"a bare word":     {"application/json", `{text:1}`, "is not valid JSON: there is a mistake near byte 1"},
		"an odd escape":   {"application/json", `{"text":"a\x"}`, "is not valid JSON: there is a mistake near byte 10"},
		"an odd time":     {"application/json", `{"text":"a","published_at":"xx"}`, "published_at: "},
		"an unknown kind": {"application/x-foo", "x", "application/x-foo is not supported"},
	} {
		_, err := parser.New(parser.Options{}).Parse(t.Context(), corpus.Raw{MediaType: test.media, Body: []byte(test.body)})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
			continue
		}
		for _, foreign := range []string{"mime:", "invalid character", "looking for", "EOF", "2006-01-02", "json:", "unmarshal"} {
			if strings.Contains(err.Error(), foreign) {
				t.Errorf("%s: %v contains %q", name, err, foreign)
			}
		}
	}
}
