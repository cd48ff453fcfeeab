package parser_test

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"

	"dalil/corpus"
	"dalil/parser"
)

// A page's own charset counts wherever it stands and however it is written.
func TestMetaCharsets(t *testing.T) {
	padding := "<!--" + strings.Repeat("x", 3000) + "-->"
	for _, test := range []struct {
		name, head, text string
		e                encoding.Encoding
	}{
		{"windows-1251", "<meta charset=windows-1251>", "Город открыл новый рынок", charmap.Windows1251},
		{"windows-1254", `<meta charset="windows-1254">`, "Şehir yeni bir çarşı açtı, ığdır", charmap.Windows1254},
		{"windows-1255", "<META CHARSET='windows-1255'>", "העיר פתחה שוק חדש", charmap.Windows1255},
		{"windows-1253", `<meta http-equiv="Content-Type" content="text/html; charset=windows-1253">`, "Η πόλη άνοιξε νέα αγορά", charmap.Windows1253},
		{"gb2312", `<meta http-equiv=content-type content="text/html;charset=gb2312">`, "城市开了一个新市场", simplifiedchinese.GBK},
		{"Shift_JIS", `<meta charset="shift_jis">`, "町に新しい市場が開いた", japanese.ShiftJIS},
		{"KOI8-R in XHTML", `<?xml version="1.0" encoding="koi8-r"?>`, "Город открыл новый рынок", charmap.KOI8R},
		{"a tag behind byte 1,024", padding + "<meta charset=windows-1251>", "Город открыл новый рынок", charmap.Windows1251},
		{"ISO-8859-9", `<meta charset=iso-8859-9>`, "Şehir yeni bir çarşı açtı", charmap.Windows1254},
	} {
		t.Run(test.name, func(t *testing.T) {
			body := test.head + "<html><head><title>x</title></head><body><p>" + test.text + "</p></body></html>"
			if !strings.HasPrefix(test.head, "<?xml") {
				body = "<html><head>" + test.head + "<title>x</title></head><body><p>" + test.text + "</p></body></html>"
			}
			if got := parse(t, "text/html", encode(t, test.e, body)).Text; got != test.text {
				t.Errorf("got %q, want %q", got, test.text)
			}
			checkWarnings(t, warnings(t, "text/html", encode(t, test.e, body)))
		})
	}
	checkWarnings(t, warnings(t, "text/html", "<meta charset=windows-1251><p>Ёлка — это UTF-8</p>"), "windows-1251")
	checkWarnings(t, warnings(t, "text/html", encode(t, charmap.Windows1251, "<meta charset=klingon><p>Город открыл новый рынок</p>")), "klingon")
	arabic := encode(t, charmap.Windows1256, "<meta charset=utf-8><p>افتتحت البلدية حديقة عامة على ضفة النهر</p>")
	if got := parse(t, "text/html", arabic).Text; got != "افتتحت البلدية حديقة عامة على ضفة النهر" {
		t.Errorf("a page that calls itself UTF-8 and is windows-1256 became %q", got)
	}
}

// UTF-16 is read with and without its mark, in every format.
func TestUTF16Everywhere(t *testing.T) {
	const arabic = "افتتحت البلدية حديقة عامة على ضفة النهر"
	orders := map[string]encoding.Encoding{
		"LE with its mark": unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "BE with its mark": unicode.UTF16(unicode.BigEndian, unicode.UseBOM),
		"LE": unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "BE": unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),
		"UTF-32": utf32.UTF32(utf32.LittleEndian, utf32.UseBOM),
	}
	for order, e := range orders {
		for _, test := range []struct{ file, body, want string }{
			{"a.txt", arabic, arabic},
			{"e.txt", "Plain English words.", "Plain English words."},
			{"a.md", "# x\n\n" + arabic, "# x\n\n" + arabic},
			{"a.html", "<meta charset=utf-16><p>" + arabic, arabic},
			{"a.json", `{"text":"` + arabic + `"}`, arabic},
			{"a.csv", "الاسم,الثمن\nتفاح,3\n", "الاسم | الثمن\n--- | ---\nتفاح | 3"},
		} {
			body := encode(t, e, test.body)
			if order == "LE with its mark" || order == "BE with its mark" || order == "UTF-32" {
				if !strings.HasPrefix(body, "\xff\xfe") && !strings.HasPrefix(body, "\xfe\xff") {
					t.Fatalf("%s has no mark", order)
				}
			}
			r, err := parser.New(parser.Options{}).Parse(t.Context(), corpus.Raw{Document: corpus.Document{Source: test.file}, Body: []byte(body)})
			if err != nil || r.Document.Text != test.want {
				t.Errorf("%s in UTF-16 %s: got %q (%v), want %q", test.file, order, r.Document.Text, err, test.want)
			}
		}
	}
}

// JSON Lines are decoded once, before they are split.
func TestJSONLinesInAnyCharset(t *testing.T) {
	const lines = `{"id":"a","text":"الميناء"}` + "\n" + `{"id":"b","text":"المدينة القديمة"}` + "\n"
	for name, e := range map[string]encoding.Encoding{
		"UTF-8": encoding.Nop, "windows-1256": charmap.Windows1256,
		"UTF-16 LE": unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "UTF-16 BE": unicode.UTF16(unicode.BigEndian, unicode.UseBOM),
		"UTF-16 LE without a mark": unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "UTF-16 BE without a mark": unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),
	} {
		var got []string
		for raw, err := range parser.JSONLines(strings.NewReader(encode(t, e, lines)), "s") {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			got = append(got, raw.Document.ID+"="+raw.Document.Text)
		}
		if strings.Join(got, " ") != "a=الميناء b=المدينة القديمة" {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

func TestDoublyDecodedText(t *testing.T) {
	wrong := func(e *charmap.Charmap, text string) string {
		var b strings.Builder
		for i := range len(text) {
			if r := e.DecodeByte(text[i]); r != '\uFFFD' {
				b.WriteRune(r)
			} else {
				b.WriteRune(rune(text[i]))
			}
		}
		return b.String()
	}
	const arabic = "افتتحت البلدية حديقة عامة على ضفة النهر، وقال رئيسها إن الدخول مجاني."
	for _, test := range []struct{ name, text, want string }{
		{"Arabic as windows-1252", wrong(charmap.Windows1252, arabic), arabic},
		{"Arabic as windows-1256", wrong(charmap.Windows1256, arabic), arabic},
		{"Russian as windows-1251", wrong(charmap.Windows1251, "Город открыл новый рынок"), "Город открыл новый рынок"},
		{"French as windows-1252", wrong(charmap.Windows1252, "Le café du théâtre — rénové"), "Le café du théâtre — rénové"},
	} {
		for _, mediaType := range []string{"text/plain", "text/html", "text/markdown"} {
			if got := parse(t, mediaType, test.text).Text; got != test.want {
				t.Errorf("%s in %s: got %q, want %q", test.name, mediaType, got, test.want)
			}
			checkWarnings(t, warnings(t, mediaType, test.text), "decoded twice")
		}
	}
	for _, whole := range []string{arabic, "Le café du théâtre, «déjà vu» à Genève; CAFÉ—the É", "Ñandú “Ã” Å", "Город — рынок", "ط§ is a sign"} {
		if got := parse(t, "text/plain", whole).Text; got != whole {
			t.Errorf("%q was changed to %q", whole, got)
		}
	}
	mixed := wrong(charmap.Windows1252, arabic) + " وهنا نص سليم"
	checkWarnings(t, warnings(t, "text/plain", mixed), "not changed")
}
