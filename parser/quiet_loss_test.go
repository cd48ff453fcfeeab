package parser_test

import (
	"strings"
	"testing"

	"dalil/corpus"
	"dalil/parser"
)

// What looks like metadata or a quotation must not take text with it.
func TestNoTextIsLostQuietly(t *testing.T) {
	const fence = "```"
	for _, test := range []struct{ name, mediaType, body, text string }{
		{"rules above and below text", "text/markdown", "---\n\nFirst part.\n\n---\n\nSecond part.\n", "First part.\n\nSecond part."},
		{"text between rules", "text/markdown", "---\nForty boats came: home.\nNobody counted them\n---\n\nSecond part.\n", "## Forty boats came: home. Nobody counted them\n\nSecond part."},
		{"an open quotation", "text/csv", "name,what\nA,\"left\nB,right\nC,down\n", "name | what\n--- | ---\nA | left\nB | right\nC | down"},
		{"a quotation in a value", "text/tab-separated-values", "name\twhat\nA\t\"big\" boat\nB\tnet\n", "name | what\n--- | ---\nA | big\" boat\nB | net"},
		{"quotations that are right", "text/csv", "name,what\n\"A, B\",\"x\ny\"\n\nC,\"5\"\" pipe\"\n", "name | what\n--- | ---\nA, B | x y\nC | 5\" pipe"},
		{"lines of an unmarked pre", "text/html", "<p>Run it:</p><pre># not a heading\nls</pre>", "Run it:\n\n" + fence + "\n# not a heading\nls\n" + fence},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := parse(t, test.mediaType, test.body).Text; got != test.text {
				t.Errorf("got %q, want %q", got, test.text)
			}
		})
	}
	checkWarnings(t, warnings(t, "text/csv", "name,what\nA,\"left\nB,\"right\nC,\"down\n"), "line 2 has a quotation mark")
}

// Half of a surrogate pair is no character; the decoder would replace it quietly.
func TestHalfSurrogatePairs(t *testing.T) {
	for body, want := range map[string]string{
		`{"text":"a \ud83d b"}`: "halves", `{"text":"a \udc00"}`: "halves", `{"text":"\\ud83d \ud83dx\\"}`: "halves",
		`{"text":"\ud83d\ude00 \\ud83d \ufffd"}`: "", `{"text":"a","title":"\ufffd"}`: "",
	} {
		got := strings.Join(warnings(t, "application/json", body), "\n")
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%s: got the warnings %q, want %q", body, got, want)
		}
	}
	for _, body := range []string{`{"id":"a\ud800","text":"x"}`, `{"title":"\udfff","text":"x"}`} {
		_, err := parser.New(parser.Options{}).Parse(t.Context(), corpus.Raw{MediaType: "application/json", Body: []byte(body)})
		if err == nil || !strings.Contains(err.Error(), "half of a surrogate pair") {
			t.Errorf("%s: got the error %v", body, err)
		}
	}
}

// Marks that open something are looked for to the end of their paragraph, and
// footnotes through all others.
func TestFormulasAndFootnotesAreBounded(t *testing.T) {
	notes := func(n int) string {
		return "Text[^1].\n\n" + strings.Repeat("[^1]: a note[^2]\n\n", n)
	}
	for name, test := range map[string]struct {
		body string
		good bool
	}{
		"open formulas":    {strings.Repeat(`\(`, 200_000), false},
		"open formulas [":  {strings.Repeat(`a \[ `, 100_000), false},
		"many footnotes":   {notes(20_000), false},
		"some footnotes":   {notes(1_000), true},
		"formulas, closed": {strings.Repeat(`Let \(x_1 * y * z\) be. `, 500), true},
	} {
		_, err := parser.New(parser.Options{}).Parse(t.Context(), corpus.Raw{MediaType: "text/markdown", Body: []byte(test.body)})
		if (err == nil) != test.good {
			t.Errorf("%s: got the error %v", name, err)
		}
	}
}

func TestDeclaredLanguagesAreChecked(t *testing.T) {
	for _, test := range []struct{ lang, text, want string }{
		{"english", "The keeper said that forty of the boats had come home.", "en"},
		{"x-default", "The keeper said that forty of the boats had come home.", "en"},
		{"en_GB", "Forty boats.", "en"},
		{"zh", "漁師たちは嵐の前に港へ戻り、灯台守は四十隻の船を数えました。", "ja"},
		{"", "Ribari su se vratili u luku pre oluje, a čuvar je posle izbrojao četrdeset čamaca", "sr"},
		{"", "Ribari su se vratili u luku prije oluje, a čuvar je poslije izbrojao četrdeset čamaca", "hr"},
		{"", "ڤارا نلاين کمبالي کڤلابوهن سبلوم ريبوت دان ڤنجاݢ", "ms"},
	} {
		if got := parse(t, "text/html", `<html lang="`+test.lang+`"><p>`+test.text+`</p></html>`).Language; got != test.want {
			t.Errorf("%s %s: got %q, want %q", test.lang, test.text, got, test.want)
		}
	}
	checkWarnings(t, warnings(t, "text/html", `<html lang="english"><p>Boats.</p></html>`), "not a language tag")
}
