package parser_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dalil/corpus"
	"dalil/parser"
)

func records(t *testing.T, stream string) (documents []corpus.Document, warnings []string, errs []error) {
	t.Helper()
	for raw, err := range parser.JSONLines(strings.NewReader(stream), "s") {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		documents = append(documents, raw.Document)
		warnings = append(warnings, raw.Warnings...)
	}
	return documents, warnings, errs
}

func TestRecordsThatAreAccepted(t *testing.T) {
	for _, test := range []struct {
		name, line string
		want       corpus.Document
	}{
		{"a number for an id", `{"id":17,"text":"x"}`, corpus.Document{ID: "17", Text: "x"}},
		{"a large number for an id", `{"id":9007199254740993,"text":"x"}`, corpus.Document{ID: "9007199254740993", Text: "x"}},
		{"one tag", `{"id":"a","text":"x","tags":"news"}`, corpus.Document{ID: "a", Text: "x", Tags: []string{"news"}}},
		{"tags of numbers", `{"id":"a","text":"x","tags":["news",7]}`, corpus.Document{ID: "a", Text: "x", Tags: []string{"news", "7"}}},
		{"nulls", `{"id":"a","text":"x","title":null,"tags":null,"metadata":null}`, corpus.Document{ID: "a", Text: "x"}},
		{"metadata", `{"id":"a","text":"x","metadata":{"n":1.50,"whole":9007199254740992,"far":1e300,"b":true,"s":"v","five":"5","l":["a",""],"e":[],"z":null}}`, corpus.Document{ID: "a", Text: "x", Metadata: map[string]corpus.Value{
			"n": corpus.Number(1.5), "whole": corpus.Number(1 << 53), "far": corpus.Number(1e300), "b": corpus.Boolean(true), "s": corpus.String("v"), "five": corpus.String("5"),
			"l": corpus.List("a", ""), "e": corpus.List(),
		}}},
		{"a symbol alone", `{"id":"a","text":"☃"}`, corpus.Document{ID: "a", Text: "☃"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, warnings, errs := records(t, test.line)
			test.want.Source = "s:1"
			if len(errs) > 0 || len(got) != 1 || len(warnings) > 0 {
				t.Fatalf("got %v, warnings %v, errors %v", got, warnings, errs)
			}
			if diff := cmp.Diff(test.want, got[0]); diff != "" {
				t.Errorf("document (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRecordsThatAreRefused(t *testing.T) {
	for _, test := range []struct{ name, line, want string }{
		{"another case", `{"text":"real","TEXT":"other"}`, `TEXT: is unknown; did you mean text?`},
		{"another case first", `{"Id":"a","text":"x"}`, `Id: is unknown; did you mean id?`},
		{"no name", `{"":"a","text":"x"}`, `"": is unknown; the fields are id, title`},
		{"a name with a line end", `{"a\nb":"a","text":"x"}`, `"a\nb": is unknown; the fields are id, title`},
		{"a member twice", `{"text":"a","text":"b"}`, "text: is written twice"},
		{"an escaped name twice", `{"text":"a","te\u0078t":"b"}`, "text: is written twice"},
		{"an empty key", `{"text":"a","metadata":{"":"1"}}`, "metadata: has an empty key"},
		{"a control character in a key", `{"text":"a","metadata":{"k\u0000":"1"}}`, `metadata: has the key "k\x00", which contains the control character U+0000`},
		{"a line end in a key", `{"text":"a","metadata":{"k\n":null}}`, `metadata: has the key "k\n", which contains the control character U+000A`},
		{"a key twice", `{"text":"a","metadata":{"k":"1","k":"2"}}`, "metadata.k: is written twice"},
		{"an array", `[{"text":"a"}]`, "JSON array"},
		{"an object over lines", "{\n  \"text\": \"a\"\n}", "several lines"},
		{"no letter", `{"text":"\u200b\u200f …!"}`, "no letter"},
		{"a raw NUL", "{\"text\":\"a\x00b\"}", "U+0000 (NUL)"},
		{"an escaped NUL in an id", `{"id":"a\u0000b","text":"x"}`, "id: contains the control character U+0000 (NUL) at byte 1"},
		{"a raw bell", "{\"text\":\"a\x07b\"}", "U+0007"},
		{"a control character in a URL", `{"url":"http://a\u001f","text":"x"}`, "url: contains the control character U+001F"},
		{"a boolean for an id", `{"id":true,"text":"x"}`, "id: must be a string, is a boolean"},
		{"an object for a title", `{"title":{},"text":"x"}`, "title: must be a string, is an object"},
		{"a number for a text", `{"text":5}`, "text: must be a string, is a number"},
		{"an object among tags", `{"text":"x","tags":[{}]}`, "tags[0]: must be a string, is an object"},
		{"a string", `"text"`, "not a JSON object"},
		{"no date", `{"text":"x","published_at":"soon"}`, `"soon" is not a date`},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, _, errs := records(t, test.line+"\n")
			if len(errs) != 1 || len(got) > 0 || !errors.Is(errs[0], corpus.ErrInvalid) || !strings.Contains(errs[0].Error(), test.want) {
				t.Errorf("got %v and the errors %v, want one that says %q", got, errs, test.want)
			}
		})
	}
}

func TestRecordsThatAreWarnedAbout(t *testing.T) {
	for _, test := range []struct{ name, line, want string }{
		{"a Hijri date", `{"id":"a","text":"x","published_at":"1445-09-12"}`, "Islamic calendar"},
		{"a date of two meanings", `{"id":"a","text":"x","published_at":"03/04/2024"}`, "either month"},
		{"a control character in the text", `{"id":"a","text":"a\u0007b"}`, "U+0007"},
	} {
		got, warnings, errs := records(t, test.line)
		if len(errs) > 0 || len(got) != 1 || len(warnings) != 1 || !strings.Contains(warnings[0], test.want) || !got[0].PublishedAt.IsZero() {
			t.Errorf("%s: got %v, warnings %q, errors %v; want a warning of %q", test.name, got, warnings, errs, test.want)
		}
	}
}

func TestTables(t *testing.T) {
	for _, test := range []struct{ name, mediaType, body, want string }{
		{"commas", "text/csv", "Name,Price\nAnn,4\nBo,5\n", "Name | Price\n--- | ---\nAnn | 4\nBo | 5"},
		{"quotes", "text/csv", "Name,Note\n\"Ann, B\",\"two\nlines \"\"here\"\"\"\n", "Name | Note\n--- | ---\nAnn, B | two lines \"here\""},
		{"semicolons", "text/csv", "Name;Price\nAnn;4,50\nBo;5,00\n", "Name | Price\n--- | ---\nAnn | 4,50\nBo | 5,00"},
		{"a line for spreadsheets", "text/csv", "sep=;\r\nName;Price\r\nAnn;4\r\n", "Name | Price\n--- | ---\nAnn | 4"},
		{"no header", "text/csv", "1,2\n3,4\n", "1 | 2\n3 | 4"},
		{"one column", "text/csv", "Name\nAnn\nBo\n", "Name\nAnn\nBo"},
		{"rows of several lengths", "text/csv", "a,b,c\n1\n1,2,3,4\n,,\n", "a | b | c\n--- | --- | ---\n1\n1 | 2 | 3 | 4"},
		{"tabs", "text/tab-separated-values", "Name\tPrice, net\nAnn\t4\n", "Name | Price, net\n--- | ---\nAnn | 4"},
		{"loose quotes", "text/csv", "Name,Size\nboard,5\" wide\n", "Name | Size\n--- | ---\nboard | 5\" wide"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, parse(t, test.mediaType, test.body).Text); diff != "" {
				t.Errorf("text (-want +got):\n%s", diff)
			}
		})
	}
	if got := parser.MediaType("a/b.CSV", []byte("a,b")); got != "text/csv" {
		t.Errorf("a .CSV is %q", got)
	}
}

func TestFilesInTextAreReplaced(t *testing.T) {
	image := "data:image/png;base64," + strings.Repeat("iVBORw0KGgo", 8000) + "="
	for _, mediaType := range []string{"text/plain", "text/html", "text/markdown"} {
		body := "Before " + image + " behind."
		if got := parse(t, mediaType, body).Text; got != "Before [data: image/png] behind." {
			t.Errorf("%s: got %.100q", mediaType, got)
		}
		checkWarnings(t, warnings(t, mediaType, body), "data:")
	}
}
