package parser_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"dalil/corpus"
	"dalil/parser"
)

// checkDocument states what every document that leaves the parser keeps.
func checkDocument(t *testing.T, d corpus.Document) {
	t.Helper()
	fields := append([]string{d.ID, d.Title, d.Text, d.URL, d.Source, d.Language, d.Author}, d.Tags...)
	for key, value := range d.Metadata {
		fields = append(append(fields, key), value.Items()...)
	}
	for _, s := range fields {
		if !utf8.ValidString(s) {
			t.Fatalf("%q is not valid UTF-8", s)
		}
	}
	if strings.TrimSpace(d.Text) != d.Text || d.Text == "" || strings.Contains(d.Text, "\n\n\n") || strings.ContainsAny(d.Text, "\r\x00") {
		t.Fatalf("the text is not clean: %q", d.Text)
	}
	if strings.ContainsAny(d.Title, "\n\r") {
		t.Fatalf("the title has several lines: %q", d.Title)
	}
}

// fuzz feeds a parser with bytes of one media type. What it accepts is clean, and
// stays as it is when it is read again as clean text.
func fuzz(f *testing.F, mediaTypes []string, seeds ...string) {
	files, err := filepath.Glob("testdata/*.*")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			continue // the folder that the fuzzer writes to
		}
		seeds = append(seeds, string(body))
	}
	seeds = append(seeds, "\xff\xfea\x00b", "<p>a\xff<b>\n---\n# x\n| a | b |\n", `{"text":"\ud800","tags":["\udfff"],"metadata":{"k":"v"}}`, "\xd8\xa7\xd9\x84", "\u00d8\u00a7\u00d9\u0084\u00d8\u00a7")
	for _, s := range seeds {
		for i := range mediaTypes {
			f.Add(uint8(i), []byte(s))
		}
	}
	p := parser.New(parser.Options{})
	f.Fuzz(func(t *testing.T, kind uint8, body []byte) {
		result, err := p.Parse(t.Context(), corpus.Raw{MediaType: mediaTypes[int(kind)%len(mediaTypes)], Body: body})
		d := result.Document
		for _, w := range result.Warnings {
			if !utf8.ValidString(w) || strings.ContainsAny(w, "\n\r\x00") || len(w) > 300 {
				t.Fatalf("a warning that is not a line: %q", w)
			}
		}
		if err != nil {
			if !errors.Is(err, corpus.ErrInvalid) && !errors.Is(err, corpus.ErrUnsupported) {
				t.Fatalf("got %v, want an invalid argument or unsupported", err)
			}
			return
		}
		checkDocument(t, d)
		again, err := p.Parse(t.Context(), corpus.Raw{Document: corpus.Document{Text: d.Text}})
		if err != nil || again.Document.Text != d.Text {
			t.Fatalf("clean text was cleaned to %q (%v), want %q", again.Document.Text, err, d.Text)
		}
	})
}

func FuzzPlain(f *testing.F) {
	fuzz(f, []string{"", "text/plain", "text/plain; charset=windows-1256", "text/plain; charset=utf-16le", "image/png"}, "a\x00b\x00", "data:image/png;base64,"+strings.Repeat("A", 50))
}

func FuzzMarkdown(f *testing.F) {
	fuzz(f, []string{"text/markdown", "text/markdown; charset=utf-8"}, "---\ntitle: 'x'\ntags: [a, *b]\n---\nx", "+++\na=1\n+++\nx", "{\"title\":1}\n\nx", "$a*b$ \\(x\\) $$\n", "- [x] a\n  1. b[^1]\n\n[^1]: c\n", "<div hidden>\n\n*a*\n\n</div>\n```\n# b\n", "| a |\n|-|\n| b | c |", "a\n: b\n")
}

func FuzzHTML(f *testing.F) {
	fuzz(f, []string{"text/html", "application/xhtml+xml", "text/html; charset=iso-8859-6"}, "<table><caption>a<tr><th>b<th>c<tr><td>d", "<style>.a{display:none}</style><p class=a>b<form><button>c?</button>", "<ruby>a<rt>b</ruby><sup>1</sup><pre><code>x", "<template shadowrootmode=open>a</template><noscript>b</noscript>", "<meta charset=gb2312>\xb3\xc7", "<script type=application/ld+json>{\"@type\":[\"Article\"],\"headline\":\"x\",\"datePublished\":\"1/2/2020\"}</script>a")
}

func FuzzTable(f *testing.F) {
	fuzz(f, []string{"text/csv", "text/tab-separated-values"}, "sep=;\na;b\n", "a,\"b\nc\"\n\"", "a\tb\n")
}

func FuzzRecord(f *testing.F) {
	fuzz(f, []string{"application/json", "application/x-ndjson"}, `{"id":1,"tags":"a","text":"b"}`, `[1]`, `{"text":"a","text":"b"}`, `{"text":"a","published_at":"1445-09-12"}`)
}

func FuzzJSONLines(f *testing.F) {
	f.Add(`{"text":"a"}` + "\n" + `{"id":"b","text":"c","metadata":{"k":1.50}}`)
	f.Add("\uFEFF\r\n{}\n[1]\n{\"titel\":1}\nnull\n{\"text\":\"\xff\"}\n")
	f.Add(`{"text":"a","metadata":{"":"","n":null,"o":{}}}` + "\n\n")
	p := parser.New(parser.Options{})
	f.Fuzz(func(t *testing.T, stream string) {
		n, places := 0, map[string]bool{}
		for raw, err := range parser.JSONLines(strings.NewReader(stream), "s") {
			n++
			if err != nil {
				if !errors.Is(err, corpus.ErrInvalid) || places[raw.Document.Source] || !strings.HasPrefix(raw.Document.Source, "s:") {
					t.Fatalf("got %v of %q, want an invalid argument at a line of its own", err, raw.Document.Source)
				}
				places[raw.Document.Source] = true
				continue
			}
			if raw.Document.ID == "" || raw.Document.Source == "" {
				t.Fatalf("a record without an id or a source: %+v", raw.Document)
			}
			d, err := p.Parse(t.Context(), raw)
			if err == nil {
				checkDocument(t, d.Document)
			} else if !errors.Is(err, corpus.ErrInvalid) {
				t.Fatalf("got %v, want an invalid argument", err)
			}
		}
		if most := strings.Count(stream, "\n") + 1; n > most {
			t.Fatalf("got %d records of %d lines", n, most)
		}
	})
}
