package parser_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dalil/corpus"
	"dalil/parser"
)

func TestTitleOfPlainText(t *testing.T) {
	for _, test := range []struct{ name, body, want string }{
		{"a short line that is set off", "حديقة على النهر\n\nافتتحت البلدية حديقة.", "حديقة على النهر"},
		{"with quotes", "حديقة \"النهر\"\n\nافتتحت البلدية حديقة.", "حديقة \"النهر\""},
		{"a sentence", "افتتحت البلدية حديقة.\n\nوقال رئيسها.", ""},
		{"a question in quotes", "«أين الحديقة؟»\n\nوقال رئيسها.", ""},
		{"not set off", "حديقة على النهر\nافتتحت البلدية حديقة.", ""},
		{"alone", "حديقة على النهر", ""},
		{"too long", strings.Repeat("حديقة ", 30) + "\n\nافتتحت.", ""},
		{"a colon", "قال الوزير:\n\nنعم.", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := parse(t, "text/plain", test.body)
			if d.Title != test.want {
				t.Errorf("got the title %q, want %q", d.Title, test.want)
			}
			if !strings.HasPrefix(d.Text, strings.TrimSpace(strings.SplitN(test.body, "\n", 2)[0])) {
				t.Errorf("the first line left the text: %q", d.Text)
			}
		})
	}
}

func TestLanguages(t *testing.T) {
	for _, test := range []struct{ want, text string }{
		{"ar", "افتتحت البلدية حديقة عامة على ضفة النهر بعد أعمال دامت ثلاث سنوات."},
		{"ar", "تستخدم الشركة برنامج Windows في مكاتبها منذ عام 1998 وتدرب عليه موظفيها."},
		{"fa", "شهرداری دیروز پارک تازه\u200cای در کنار رودخانه گشود و گفت که ورود به آن رایگان است."},
		{"ur", "شہر میں کل ایک نیا باغ کھولا گیا ہے جہاں بچوں کے لیے کھیل کا میدان بھی ہے۔"},
		{"en", "The town opened a new garden by the river after three years of work."},
		{"fr", "La ville a ouvert hier un jardin dans le quartier du port, et les habitants sont contents."},
		{"de", "Die Stadt hat gestern einen Garten am Fluss eröffnet, und der Eintritt ist für alle frei."},
		{"es", "La ciudad abrió ayer un jardín junto al río, y los vecinos dicen que es muy bonito."},
		{"zh", "这座城市昨天在河边开放了一座新的花园，居民们都很高兴。"},
		{"ja", "町は昨日、川のそばに新しい庭園を開きました。入場は無料です。"},
		{"ko", "시는 어제 강가에 새로운 정원을 열었으며 입장은 무료입니다."},
		{"ru", "Город вчера открыл новый сад у реки, и вход в него бесплатный."},
		{"", "123 456 — 789"},
		{"", "ok"},
		{"", "Xyzzy plugh frobnicate quux waldo"},
	} {
		if got := parse(t, "text/plain", test.text).Language; got != test.want {
			t.Errorf("got the language %q of %q, want %q", got, test.text, test.want)
		}
	}
}

func TestMediaType(t *testing.T) {
	for _, test := range []struct{ name, head, want string }{
		{"a.txt", "x", "text/plain"},
		{"a.md", "# x", "text/markdown"},
		{"A.MARKDOWN", "# x", "text/markdown"},
		{"a.html", "x", "text/html"},
		{"a.htm", "x", "text/html"},
		{"a.json", "{}", "application/json"},
		{"a", "نص عربي", "text/plain"},
		{"a", "<!DOCTYPE html><p>x", "text/html"},
		{"a", "", "text/plain"},
		{"a", "\xff\xfea\x00", "text/plain"},
		{"a", "\xe4\xe6\xe3 \xc7\xe1\xe4\xd5", "text/plain"},
		{"a.pdf", "%PDF-1.7\n", "application/pdf"},
		{"a.txt", "%PDF-1.7\n", "application/pdf"},
		{"a", "\x89PNG\r\n\x1a\n\x00\x00", "image/png"},
		{"a.docx", "PK\x03\x04\x14\x00", "application/zip"},
		{"a.txt", "\x00\x01\x02\x03", "application/octet-stream"},
	} {
		if got := parser.MediaType(test.name, []byte(test.head)); got != test.want {
			t.Errorf("MediaType(%q, %q) is %q, want %q", test.name, test.head, got, test.want)
		}
	}
}

func TestUnsupportedTypesAreNamed(t *testing.T) {
	for _, test := range []struct{ source, mediaType, body, want string }{
		{"a.pdf", "", "%PDF-1.7\n", "application/pdf"},
		{"a.png", "", "\x89PNG\r\n\x1a\n\x00\x00", "image/png"},
		{"a.docx", "", "PK\x03\x04\x14\x00", "application/zip"},
		{"", "video/mp4", "x", "video/mp4"},
	} {
		d, err := parser.New(parser.Options{}).Parse(t.Context(), corpus.Raw{
			Document: corpus.Document{ID: "kept", Source: test.source}, MediaType: test.mediaType, Body: []byte(test.body),
		})
		if !errors.Is(err, corpus.ErrUnsupported) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want an error of the kind unsupported that names %s", test.source, err, test.want)
		}
		if d.Document.ID != "kept" {
			t.Errorf("%s: the document lost its id with the error: %+v", test.source, d)
		}
	}
}

func TestRefusedDocuments(t *testing.T) {
	deep := strings.Repeat("<div>", 4000) + "x"
	for _, test := range []struct {
		name string
		raw  corpus.Raw
		want []string
	}{
		{"an empty body", corpus.Raw{MediaType: "text/plain", Body: []byte{}}, []string{"text", "empty"}},
		{"white space", corpus.Raw{MediaType: "text/plain", Body: []byte(" \n\u00a0\t")}, []string{"text", "empty"}},
		{"no text", corpus.Raw{}, []string{"text", "empty"}},
		{"an empty page", corpus.Raw{MediaType: "text/html", Body: []byte("<html><body></body></html>")}, []string{"text", "empty"}},
		{"too large", corpus.Raw{MediaType: "text/plain", Body: make([]byte, corpus.MaxDocumentBytes+1)}, []string{"body", "16777217", "16777216"}},
		{"a broken media type", corpus.Raw{MediaType: "text/", Body: []byte("x")}, []string{"media_type", `"text/"`}},
		{"a deep page", corpus.Raw{MediaType: "text/html", Body: []byte(deep)}, []string{"body", "400"}},
		{"a page that is just too deep", corpus.Raw{MediaType: "text/html", Body: []byte(strings.Repeat("<div>", 450) + "x")}, []string{"body", "400"}},
		{"a broken record", corpus.Raw{MediaType: "application/json", Body: []byte(`{"text":`)}, []string{"record", "it ends before the object does"}},
		{"two records", corpus.Raw{MediaType: "application/json", Body: []byte(`{"text":"a"}{}`)}, []string{"record", "more text after the object"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := parser.New(parser.Options{}).Parse(t.Context(), test.raw)
			if !errors.Is(err, corpus.ErrInvalid) {
				t.Fatalf("got %v, want an invalid argument", err)
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got %q, want it to say %q", err, want)
				}
			}
		})
	}
}

// What the caller knows wins over what the bytes say, field by field.
func TestCallersFieldsWin(t *testing.T) {
	body := `{"id":"b","title":"B","text":"body text","url":"https://b.example/","language":"fr","author":"B","tags":["b"],"published_at":"2020-01-01","metadata":{"k":"b","only":"b"}}`
	known := corpus.Document{
		ID: "a", Title: "A", Text: "ignored beside a body", URL: "https://a.example/", Source: "a.json", Language: "en-GB", Author: "A", Tags: []string{"a"},
		PublishedAt: time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC), Metadata: map[string]corpus.Value{"k": corpus.String("a")},
	}
	got, err := parser.New(parser.Options{}).Parse(t.Context(), corpus.Raw{Document: known.Clone(), MediaType: "application/json", Body: []byte(body)})
	if err != nil {
		t.Fatal(err)
	}
	want := known.Clone()
	want.Text, want.Language = "body text", "en"
	want.Metadata["only"] = corpus.String("b")
	if diff := cmp.Diff(want, got.Document); diff != "" {
		t.Errorf("document (-want +got):\n%s", diff)
	}
	before := known.Clone()
	if _, err := parser.New(parser.Options{}).Parse(t.Context(), corpus.Raw{Document: known, MediaType: "application/json", Body: []byte(body)}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, known); diff != "" {
		t.Errorf("Parse wrote into the caller's document:\n%s", diff)
	}
}
