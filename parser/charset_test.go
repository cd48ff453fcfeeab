package parser_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"dalil/corpus"
	"dalil/parser"
)

func encode(t *testing.T, e encoding.Encoding, text string) string {
	t.Helper()
	s, err := e.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestCharsets(t *testing.T) {
	const arabic = "افتتحت البلدية حديقة عامة على ضفة النهر، وقال رئيسها إن الدخول مجاني."
	const plainArabic = "افتتحت البلدية حديقة عامة على ضفة النهر وقال رئيسها ان الدخول مجاني"
	const french = "Le café du théâtre a été rénové à Genève, où l’été fut très chaud."
	utf16 := func(e unicode.Endianness) encoding.Encoding { return unicode.UTF16(e, unicode.UseBOM) }
	page := func(charset, text string) string {
		return `<html><head><meta charset="` + charset + `"><title>x</title></head><body><p>` + text + `</p></body></html>`
	}
	for _, test := range []struct{ name, mediaType, body, want string }{
		{"UTF-8", "text/plain; charset=utf-8", arabic, arabic},
		{"UTF-8 undeclared", "text/plain", arabic, arabic},
		{"UTF-8 with its mark", "text/plain", "\uFEFF" + arabic, arabic},
		{"UTF-16 LE with its mark", "text/plain", encode(t, utf16(unicode.LittleEndian), arabic), arabic},
		{"UTF-16 BE with its mark", "text/plain", encode(t, utf16(unicode.BigEndian), arabic), arabic},
		{"the mark wins over the declaration", "text/plain; charset=windows-1256", "\uFEFF" + arabic, arabic},
		{"windows-1256", "text/plain; charset=windows-1256", encode(t, charmap.Windows1256, arabic), arabic},
		{"iso-8859-6", "text/plain; charset=iso-8859-6", encode(t, charmap.ISO8859_6, arabic), arabic},
		{"windows-1252", "text/plain; charset=windows-1252", encode(t, charmap.Windows1252, french), french},
		{"latin1, which the web reads as windows-1252", "text/plain; charset=ISO-8859-1", encode(t, charmap.Windows1252, french), french},
		{"UTF-8 declared as windows-1256", "text/plain; charset=windows-1256", arabic, arabic},
		{"a guess of windows-1256", "text/plain", encode(t, charmap.Windows1256, arabic), arabic},
		{"a guess of windows-1256 without marks", "text/plain", encode(t, charmap.Windows1256, plainArabic), plainArabic},
		{"a guess of iso-8859-6", "text/plain", encode(t, charmap.ISO8859_6, plainArabic), plainArabic},
		{"a guess of windows-1252", "text/plain", encode(t, charmap.Windows1252, french), french},
		{"broken UTF-8 stays UTF-8", "text/plain", arabic + "\xd8 " + strings.Repeat(arabic, 2), arabic + "\uFFFD " + strings.Repeat(arabic, 2)},
		{"broken UTF-8, declared", "text/plain; charset=utf8", "a\xffb", "a\uFFFDb"},
		{"a page's own windows-1256", "text/html", encode(t, charmap.Windows1256, page("windows-1256", arabic)), arabic},
		{"Markdown in windows-1256", "text/markdown; charset=windows-1256", encode(t, charmap.Windows1256, arabic), arabic},
		{"a record in windows-1256", "application/json; charset=windows-1256", encode(t, charmap.Windows1256, `{"text":"`+arabic+`"}`), arabic},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := parse(t, test.mediaType, test.body).Text; got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestUnknownCharsetIsRefusedByName(t *testing.T) {
	_, err := parser.New(parser.Options{}).Parse(t.Context(), corpus.Raw{MediaType: "text/plain; charset=klingon-1", Body: []byte("x")})
	if !errors.Is(err, corpus.ErrInvalid) || !strings.Contains(err.Error(), "klingon-1") {
		t.Errorf("got %v, want an invalid argument that names klingon-1", err)
	}
}

func TestCleanText(t *testing.T) {
	for _, test := range []struct{ name, body, want string }{
		{"Windows line ends", "a\r\nb\r\n\r\nc", "a\nb\n\nc"},
		{"old Mac line ends", "a\rb", "a\nb"},
		{"blank lines", "a\n\n\n\nb\n \n\t\nc", "a\n\nb\n\nc"},
		{"white space at the ends", "\n \u00a0a b  \n\n", "a b"},
		{"controls", "a\x00b\x07c\x1b\u0085", "abc"},
		{"tabs", "a\tb", "a b"},
		{"joiners and direction marks stay", "می\u200cخواهم \u200fنص", "می\u200cخواهم \u200fنص"},
		{"harakat and spellings stay", "قَالَ إلى أَحْمَد", "قَالَ إلى أَحْمَد"},
		{"separators of lines and pages", "a\u2028b\u2029c\fd", "a\nb\n\nc\n\nd"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, err := parser.New(parser.Options{}).Parse(t.Context(), corpus.Raw{Document: corpus.Document{Text: test.body}})
			if text := d.Document.Text; err != nil || text != test.want || !utf8.ValidString(text) {
				t.Errorf("got %q (%v), want %q", text, err, test.want)
			}
		})
	}
}
