package chunker_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"dalil/chunker"
	"dalil/corpus"
)

func cut(t testing.TB, text string, options chunker.Options) []chunker.Passage {
	t.Helper()
	passages, err := chunker.New(options).Cut(t.Context(), text)
	if err != nil {
		t.Fatalf("Cut: %v", err)
	}
	return passages
}

func of(text string, p chunker.Passage) string { return text[p.Span.Start:p.Span.End] }

// A table longer than a passage is cut between its rows, and every passage that
// begins in its middle carries caption and header beside its text.
func TestTableRowsStayWhole(t *testing.T) {
	var b strings.Builder
	b.WriteString("Words before the table.\n\nFares of the ferry\nName | Price | Day\n--- | --- | ---\n")
	for i := range 200 {
		fmt.Fprintf(&b, "Trip %d to the island | %d dinars | Monday\n", i, i)
	}
	b.WriteString("\nWords behind it.\n")
	text := b.String()
	passages := cut(t, text, chunker.Options{Target: 60})
	if len(passages) < 20 {
		t.Fatalf("got %d passages, want many", len(passages))
	}
	for i, p := range passages {
		got := of(text, p)
		if i > 0 && !strings.HasPrefix(got, "Trip ") && !strings.HasPrefix(got, "Words") && !strings.HasPrefix(got, "Fares") {
			t.Errorf("passage %d begins inside a row: %q", i, got)
		}
		if strings.HasPrefix(got, "Trip ") != (p.Context != "") {
			t.Errorf("passage %d has the context %q beside %q", i, p.Context, got)
		}
		if p.Context != "" && p.Context != "Fares of the ferry\nName | Price | Day" {
			t.Errorf("passage %d has the context %q", i, p.Context)
		}
		if n := chunker.Words(p.Context + " " + got); n > 150 {
			t.Errorf("passage %d has %d words with its context, the maximum is 150", i, n)
		}
	}
}

func TestHeadingPaths(t *testing.T) {
	text := "# Ferries\n\nIntro.\n\n## Blue line\n\nIt runs daily.\n\n### Winter\n\nIt rests.\n\n## Red line\n\nIt runs on Friday.\n\n```sh\n# not a heading\nrun it\n```\n\nAfter the code.\n"
	want := [][]string{{"Ferries"}, {"Ferries", "Blue line"}, {"Ferries", "Blue line", "Winter"}, {"Ferries", "Red line"}}
	var got [][]string
	for _, p := range cut(t, text, chunker.Options{}) {
		got = append(got, p.Headings)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("headings (-want +got):\n%s", diff)
	}
	if n := chunker.Opening("## Blue line\n\nIt runs.", []string{"Ferries", "Blue line"}); n != 1 {
		t.Errorf("the passage begins with %d headings of its path, want 1", n)
	}
}

// What a fence holds is neither heading nor table, and stays whole while it fits.
func TestCodeStaysWhole(t *testing.T) {
	code := "```python\n# load the data\n\n# and sum it up\na = b | c\nd | e\n\nprint(1)\n```\n"
	text := strings.Repeat("A sentence that fills the passage before the code begins. ", 12) + "\n\n" + code + "\nMore words follow here."
	found := false
	for _, p := range cut(t, text, chunker.Options{Target: 40}) {
		if s := of(text, p); strings.Contains(s, "```python") {
			found = strings.Contains(s, strings.TrimSpace(code))
		}
		if len(p.Headings) > 0 {
			t.Errorf("a comment became the heading %q", p.Headings)
		}
	}
	if !found {
		t.Error("the code was cut although it fits")
	}
	long := "```\n" + strings.Repeat("int value = compute(\"a long enough line\");\n", 500) + "```\n"
	for i, p := range cut(t, long, chunker.Options{Target: 40}) {
		if s := of(long, p); i > 0 && !strings.HasPrefix(s, "int value") && !strings.HasPrefix(s, "```") {
			t.Errorf("passage %d begins inside a line of code: %q", i, s)
		}
	}
}

// In every script, also encoded or without white space, no passage has more than
// 8 KB.
func TestPassagesAreBounded(t *testing.T) {
	image := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("\x13\x37\xfe\x42salt", 10_000)))
	var minified strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&minified, `{"id":%d,"name":"row%d","tags":["a","b"]},`, i, i)
	}
	for _, test := range []struct {
		name, text string
		most       int // bytes of a passage
	}{
		{"base64", image, chunker.MaxBytes},
		{"minified JSON", minified.String(), chunker.MaxBytes},
		{"Chinese", strings.Repeat("港口小镇昨天清点了自己的船只。", 300), 1600},
		{"Chinese without marks", strings.Repeat("港口小镇昨天清点了自己的船只", 300), 1600},
		{"Japanese", strings.Repeat("港町の灯台は百年前に建てられました。", 300), 1600},
		{"Thai", strings.Repeat("เมืองท่าเรือนับเรือของตนเมื่อวานนี้ ", 300), 3500},
		{"Thai without spaces", strings.Repeat("เมืองท่าเรือนับเรือของตนเมื่อวานนี้", 300), 3500},
		{"one letter", strings.Repeat("a", 2<<20), chunker.MaxBytes},
		{"a letter under marks", "a" + strings.Repeat("\u0301", 20_000), chunker.MaxBytes},
		{"no-break spaces and dots", strings.Repeat("\u00a0.", 100_000), chunker.MaxBytes},
		{"a heading", "# " + strings.Repeat("x", 50_000) + "\n\ntext", chunker.MaxBytes},
		{"a table row", "a | b\n--- | ---\n" + strings.Repeat("cell ", 30_000) + "| b\n", chunker.MaxBytes},
		{"a table header", strings.Repeat("cell |", 30_000) + "\n--- | ---\na | b\n", chunker.MaxBytes},
		{"a line of code", "```\n" + strings.Repeat("x=1;", 30_000) + "\n```\n", chunker.MaxBytes},
	} {
		t.Run(test.name, func(t *testing.T) {
			passages := cut(t, test.text, chunker.Options{})
			at := 0
			for i, p := range passages {
				if p.Span.Start != at || p.Span.Len() == 0 || p.Span.Len() > test.most {
					t.Fatalf("passage %d is %v behind %d, want at most %d bytes", i, p.Span, at, test.most)
				}
				at = p.Span.End
			}
			if at != len(test.text) {
				t.Errorf("the passages end at %d of %d", at, len(test.text))
			}
		})
	}
	chinese := strings.Repeat("港口小镇昨天清点了自己的船只。", 300)
	for i, p := range cut(t, chinese, chunker.Options{}) {
		if s := of(chinese, p); !strings.HasSuffix(s, "。") {
			t.Errorf("passage %d of Chinese ends in mid-sentence: %q", i, s)
		}
	}
}

func TestWords(t *testing.T) {
	for _, test := range []struct {
		text string
		want int
	}{
		{"", 0},
		{"two words", 2},
		{" كلمتان، هنا ", 2},
		{"don't-split/this", 1},
		{strings.Repeat("a", 65), 3},
		{"漢字。", 2},
		{"灯台は100年", 5},
		{"ไทย", 2},
		{"한국어 문장", 2},
		{"༾ A", 2},
		{". ༾. ", 2},
		{"༾ཀཁ ཀ༾ཁ༾", 3},
		{"100༾", 1},
	} {
		if got := chunker.Words(test.text); got != test.want {
			t.Errorf("Words(%q) is %d, want %d", test.text, got, test.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := texts().Draw(t, "a"), texts().Draw(t, "b")
		whole, left, right := chunker.Words(a+b), chunker.Words(a), chunker.Words(b)
		if whole > left+right || whole < left || whole < right {
			t.Fatalf("%q and %q have %d and %d words, joined %d", a, b, left, right, whole)
		}
	})
}

// The context of a passage is text of the document before it, and its headings
// are lines of it, whatever the structure.
func TestContextComesFromTheText(t *testing.T) {
	line := rapid.SampledFrom([]string{
		"# A", "## B b", "###### C", "#no", "a | b | c", "--- | ---", "|---|", "| x | y |", "```", "```go", "~~~", "caption", "A sentence. Another one.", "", "    # code", "\u0301 mark", "- item", "1. one",
	})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(line, 0, 40).Draw(t, "lines"), "\n")
		limit := rapid.IntRange(1, 30).Draw(t, "max")
		options := chunker.Options{Max: limit, Target: rapid.IntRange(1, limit).Draw(t, "target")}
		checkSplit(t, text, options, "words")
		passages, err := chunker.New(options).Cut(context.Background(), text)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range passages {
			before := text[:p.Span.Start]
			if p.Context != "" && !strings.Contains(before, p.Context) {
				t.Fatalf("the context %q does not stand before the passage %q", p.Context, of(text, p))
			}
			for _, h := range p.Headings {
				if !strings.Contains(text, "# "+h) {
					t.Fatalf("the heading %q does not stand in %q", h, text)
				}
			}
		}
	})
}

func TestPassagesFarBeyondTheSizeAreRefused(t *testing.T) {
	_, err := chunker.New(chunker.Options{}).Cut(t.Context(), strings.Repeat("# a\n\nb.\n\n", 200_000))
	if !errors.Is(err, corpus.ErrInvalid) || !strings.Contains(err.Error(), "passages") {
		t.Errorf("got %v, want an invalid argument that names passages", err)
	}
}

// countdown is a context that ends after so many looks.
type countdown struct {
	context.Context
	left int
}

func (c *countdown) Err() error {
	if c.left--; c.left < 0 {
		return context.DeadlineExceeded
	}
	return nil
}

func TestCutStopsWithItsContext(t *testing.T) {
	for _, text := range []string{strings.Repeat("A sentence. ", 100_000), strings.Repeat("a | b\n", 100_000), strings.Repeat("word ", 400_000), "```\n" + strings.Repeat("x = 1\n", 100_000) + "```\n"} {
		ctx := &countdown{Context: t.Context(), left: 3}
		if _, err := chunker.New(chunker.Options{}).Cut(ctx, text); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v for %.20q, want that the deadline is exceeded", err, text)
		}
	}
}

func TestPlain(t *testing.T) {
	got := chunker.Plain("## The gate ##\n\na | b\n--- | ---\n1 | 2\n```go\nx := 1\n```\n")
	if want := "The gate\na | b\n1 | 2\nx := 1\n"; strings.ReplaceAll(got, "\n\n", "\n") != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if s := "No structure: 3 # 4 | 5."; chunker.Plain(s) != s {
		t.Errorf("plain text was changed to %q", chunker.Plain(s))
	}
}
