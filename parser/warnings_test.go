package parser_test

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"dalil/corpus"
	"dalil/parser"
)

// warnings reads a body that must be readable and returns what it warns of.
func warnings(t *testing.T, mediaType, body string) []string {
	t.Helper()
	r, err := parser.New(parser.Options{}).Parse(t.Context(), corpus.Raw{MediaType: mediaType, Body: []byte(body)})
	if err != nil {
		t.Fatalf("Parse: %v", err)
	}
	return r.Warnings
}

// checkWarnings wants one warning for each of the words, in any order.
func checkWarnings(t *testing.T, got []string, want ...string) {
	t.Helper()
	all := strings.Join(got, "\n")
	for _, w := range want {
		if !strings.Contains(all, w) {
			t.Errorf("got the warnings %q, want one that says %q", got, w)
		}
	}
	if len(got) != len(want) {
		t.Errorf("got %d warnings %q, want %d", len(got), got, len(want))
	}
}

func TestGuessedCharsetIsWarnedAbout(t *testing.T) {
	const arabic = "افتتحت البلدية حديقة عامة على ضفة النهر، وقال رئيسها إن الدخول مجاني."
	checkWarnings(t, warnings(t, "text/plain", encode(t, charmap.Windows1256, arabic)), "charset")
	checkWarnings(t, warnings(t, "text/plain; charset=windows-1256", encode(t, charmap.Windows1256, arabic)))
	checkWarnings(t, warnings(t, "text/plain", arabic))
}
