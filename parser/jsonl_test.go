package parser_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"dalil/corpus"
	"dalil/parser"
)

// lines reads a whole stream; errors stand as their text.
func lines(r io.Reader) (documents []corpus.Document, errs []string) {
	for raw, err := range parser.JSONLines(r, "news.jsonl") {
		if err != nil {
			errs = append(errs, raw.Document.Source+": "+err.Error())
			continue
		}
		documents = append(documents, raw.Document)
	}
	return documents, errs
}

func TestJSONLinesReadsEveryField(t *testing.T) {
	const line = `{"id":"7","title":"حديقة","text":"افتتحت البلدية حديقة.","url":"https://a.example/7","source":"feed","language":"ar","author":"سامي","tags":["مدن","بيئة"],` +
		`"published_at":"2024-05-01T12:00:00+03:00","metadata":{"section":"محليات","views":1250,"rating":4.50,"pinned":true,"gone":null}}`
	got, errs := lines(strings.NewReader(line + "\n"))
	want := []corpus.Document{{
		ID: "7", Title: "حديقة", Text: "افتتحت البلدية حديقة.", URL: "https://a.example/7", Source: "feed", Language: "ar", Author: "سامي",
		Tags: []string{"مدن", "بيئة"}, PublishedAt: time.Date(2024, 5, 1, 9, 0, 0, 0, time.UTC),
		Metadata: map[string]corpus.Value{"section": corpus.String("محليات"), "views": corpus.Number(1250), "rating": corpus.Number(4.5), "pinned": corpus.Boolean(true)},
	}}
	if diff := cmp.Diff(want, got); diff != "" || len(errs) > 0 {
		t.Errorf("errors %q, documents (-want +got):\n%s", errs, diff)
	}
}

func TestJSONLinesShapes(t *testing.T) {
	two := []corpus.Document{
		{ID: "news.jsonl:1", Source: "news.jsonl:1", Text: "one"},
		{ID: "b", Source: "news.jsonl:2", Text: "two"},
	}
	const one, other = `{"text":"one"}`, `{"id":"b","text":"two"}`
	for _, test := range []struct {
		name, stream string
		want         []corpus.Document
	}{
		{"nothing", "", nil},
		{"blank lines alone", "\n \n\r\n", nil},
		{"line feeds", one + "\n" + other + "\n", two},
		{"no line feed at the end", one + "\n" + other, two},
		{"Windows line ends", one + "\r\n" + other + "\r\n", two},
		{"a byte order mark", "\uFEFF" + one + "\n" + other, two},
		{"white space around", "  " + one + "\t\n " + other + " ", two},
		{"a blank line counts", "\n" + other, []corpus.Document{{ID: "b", Source: "news.jsonl:2", Text: "two"}}},
		// Absent ids come from the place, so equal records stay two documents.
		{"two equal records without ids", one + "\n" + one, []corpus.Document{
			{ID: "news.jsonl:1", Source: "news.jsonl:1", Text: "one"}, {ID: "news.jsonl:2", Source: "news.jsonl:2", Text: "one"},
		}},
		{"two records with one id are both yielded", other + "\n" + other, []corpus.Document{
			{ID: "b", Source: "news.jsonl:1", Text: "two"}, {ID: "b", Source: "news.jsonl:2", Text: "two"},
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, errs := lines(strings.NewReader(test.stream))
			if diff := cmp.Diff(test.want, got); diff != "" || len(errs) > 0 {
				t.Errorf("errors %q, documents (-want +got):\n%s", errs, diff)
			}
			got, errs = lines(iotest.OneByteReader(strings.NewReader(test.stream)))
			if diff := cmp.Diff(test.want, got); diff != "" || len(errs) > 0 {
				t.Errorf("byte by byte: errors %q, documents (-want +got):\n%s", errs, diff)
			}
		})
	}
}

func TestBadLinesAreNamedAndPassedOver(t *testing.T) {
	for _, test := range []struct{ name, line, want string }{
		{"an unknown field", `{"text":"x","titel":"y"}`, "titel: is unknown; did you mean title?"},
		{"no JSON", `text: x`, "a mistake near byte"},
		{"cut", `{"text":"x"`, "it ends before the object does"},
		{"an array", `["x"]`, "array"},
		{"a wrong type", `{"text":7}`, "text"},
		{"two objects", `{"text":"x"} {"text":"y"}`, "more text after the object"},
		{"no date", `{"text":"x","published_at":"yesterday"}`, `"yesterday"`},
		{"no date, in a record that names its own source", `{"id":"x","source":"feed","text":"x","published_at":"31/31/2020"}`, `"31/31/2020"`},
		{"nested metadata", `{"text":"x","metadata":{"a":{"b":1}}}`, "metadata.a"},
		{"too long", `{"text":"` + strings.Repeat("x", corpus.MaxDocumentBytes) + `"}`, "16777216"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, errs := lines(strings.NewReader(`{"text":"before"}` + "\n" + test.line + "\n" + `{"text":"after"}` + "\n"))
			if len(got) != 2 || got[0].Text != "before" || got[1].Text != "after" || got[1].ID != "news.jsonl:3" {
				t.Errorf("the good lines are %+v, want the first and the third", got)
			}
			if len(errs) != 1 || !strings.HasPrefix(errs[0], "news.jsonl:2: ") || !strings.Contains(errs[0], test.want) {
				t.Errorf("got the errors %.200q, want one of news.jsonl:2 that says %q", errs, test.want)
			}
		})
	}
}

func TestBadLinesAreInvalidArguments(t *testing.T) {
	for _, err := range parser.JSONLines(strings.NewReader("{\n"), "a") {
		if !errors.Is(err, corpus.ErrInvalid) {
			t.Errorf("got %v, want an invalid argument", err)
		}
	}
}

// A record that cannot be read keeps its id, so that its failure is known by it, unless there is none to read.
func TestBadLinesKeepTheirID(t *testing.T) {
	for line, want := range map[string]string{
		`{"id":"a","text":1}`: "a", `{"text":1,"id":"a"}`: "a", `{"txet":{"id":"x"},"id":7}`: "7", `{"txet":"x","id":["a"]}`: "s:1",
		`{"txet":"x","ID":"a"}`: "s:1", `{"txet":"x","id":"a"`: "s:1", `{"txet":"x","id":null}`: "s:1",
	} {
		for raw, err := range parser.JSONLines(strings.NewReader(line), "s") {
			if raw.Document.ID != want || err == nil {
				t.Errorf("%s: the id is %q, want %q; %v", line, raw.Document.ID, want, err)
			}
		}
	}
}

func TestReadersErrorEndsTheStream(t *testing.T) {
	broken := errors.New("the disk is gone")
	n := 0
	var last error
	for _, err := range parser.JSONLines(io.MultiReader(strings.NewReader(`{"text":"x"}`+"\n"), iotest.ErrReader(broken)), "a") {
		n, last = n+1, err
	}
	if n != 2 || !errors.Is(last, broken) || !strings.Contains(last.Error(), "line 2") {
		t.Errorf("got %d lines and %v, want 2 and the reader's error with its line", n, last)
	}
}

func TestStreamStopsWhenAsked(t *testing.T) {
	n := 0
	for range parser.JSONLines(strings.NewReader(strings.Repeat("{}\n", 10)), "a") {
		if n++; n == 3 {
			break
		}
	}
	if n != 3 {
		t.Errorf("read %d lines after the break, want 3", n)
	}
}
