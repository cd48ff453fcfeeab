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
		fields = append(fields, key, value)
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

func FuzzParse(f *testing.F) {
	mediaTypes := []string{
		"", "text/plain", "text/plain; charset=windows-1256", "text/plain; charset=utf-16le", "text/markdown", "text/html", "application/xhtml+xml", "application/json", "application/x-ndjson",
		"image/png", "text/html; charset=iso-8859-6",
	}
	files, err := filepath.Glob("testdata/*.*")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			continue // the folder that the fuzzer writes to
		}
		for i := range mediaTypes {
			f.Add(uint8(i), body)
		}
	}
	for i := range mediaTypes {
		f.Add(uint8(i), []byte("\xff\xfea\x00b"))
		f.Add(uint8(i), []byte("<p>a\xff<b>\n---\n# x\n| a | b |\n"))
		f.Add(uint8(i), []byte(`{"text":"\ud800","tags":["\udfff"],"metadata":{"k":"v"}}`))
	}
	p := parser.New(parser.Options{})
	f.Fuzz(func(t *testing.T, kind uint8, body []byte) {
		raw := corpus.Raw{MediaType: mediaTypes[int(kind)%len(mediaTypes)], Body: body}
		result, err := p.Parse(t.Context(), raw)
		d := result.Document
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
