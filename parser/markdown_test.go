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

func TestMarkdownGuide(t *testing.T) {
	d := golden(t, "guide.md", "text/markdown")
	text := d.Text
	d.Text = ""
	want := corpus.Document{
		Title: "دليل الحديقة", URL: "https://guide.example/garden", Language: "ar", Author: "ليلى حداد",
		Tags: []string{"حدائق", "زيتون", "ماء"}, PublishedAt: time.Date(2024, 3, 2, 0, 0, 0, 0, time.UTC), Metadata: map[string]corpus.Value{"draft": corpus.Boolean(false)},
	}
	if diff := cmp.Diff(want, d); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
	checkText(t, text,
		[]string{
			"عنوان داخل الملف\n\n", "عن الزيتون والماء، وفيها رابط إلى صفحة وسطر يتبعها، ورمز قصير.", "Watering & pruning\n\n", "Water in the morning.\n", "https://b.example/prune.",
			"1. Water", "2. Prune", "  - not in frost\n", "[x] sharpen", "Tree | Litres\n--- | ---\nOlive | 3.5\nFig | 12", "```go\n", "a photo of the gate", "A quoted line.", `fmt.Println("a < b") // kept as it is`, "Two stars ** and old words.\nAfter a hard break.",
		},
		[]string{"draft", "[رابط", "a.example", "gate.jpg", "draft", "advertisement", `\*`, "~~", "&amp;"})
}

func TestMarkdownShapes(t *testing.T) {
	for _, test := range []struct{ name, body, title, text string }{
		{"a title of its own", "# The gate\n\nIt hangs.", "The gate", "# The gate\n\nIt hangs."},
		{"the second heading is not a title", "# One\n\n# Two\n\nx", "One", "# One\n\n# Two\n\nx"},
		{"no heading", "Words *alone*.", "", "Words alone."},
		{"an underlined heading", "The gate\n========\n\nIt hangs.", "The gate", "# The gate\n\nIt hangs."},
		{"a heading with marks", "# The `old` **gate**\n\nx", "The old gate", "# The old gate\n\nx"},
		{"Windows line ends", "---\r\ntitle: T\r\n---\r\n\r\nx\r\ny", "T", "x y"},
		{"a byte order mark", "\uFEFF---\ntitle: T\n---\nx", "T", "x"},
		{"front matter that never ends", "---\ntitle: T\n\nx", "", "title: T\n\nx"},
		{"a rule is not front matter", "x\n\n---\n\ny", "", "x\n\ny"},
		{"a list", "- a\n- b\n\nc", "", "- a\n- b\n\nc"},
		{"a loose list", "- a\n\n- b", "", "- a\n- b"},
		{"indented code", "x\n\n    a\n      b\n\ny", "", "x\n\n```\na\n  b\n```\n\ny"},
		{"escapes and entities", "1 \\* 2 &lt; 3 &#38; `a &lt; \\*`", "", "1 * 2 < 3 & a &lt; \\*"},
		{"HTML inside a line", "a <b>c</b> d", "", "a c d"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := parse(t, "text/markdown", test.body)
			if d.Title != test.title || d.Text != test.text {
				t.Errorf("got the title %q and %q, want %q and %q", d.Title, d.Text, test.title, test.text)
			}
		})
	}
}

func TestMarkdownThatCostsTooMuchIsRefused(t *testing.T) {
	const n = 1_000_000
	for _, test := range []struct{ name, body, want string }{
		{"quotes", strings.Repeat(">", n), "100"},
		{"quotes with spaces", strings.Repeat("> ", n), "100"},
		{"lists", strings.Repeat("- ", n) + "x", "100"},
		{"numbered lists", strings.Repeat("1. ", n) + "x", "100"},
		{"unclosed links", strings.Repeat("[a](", n), "2000"},
		{"unclosed links over lines", strings.Repeat("[a](\n", n), "2000"},
		{"emphasis", strings.Repeat("*a_", n), "10000"},
		{"definitions", strings.Repeat("[a]: b\n", n), "10000"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := parser.New(parser.Options{}).Parse(t.Context(), corpus.Raw{MediaType: "text/markdown", Body: []byte(test.body)})
			if !errors.Is(err, corpus.ErrInvalid) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want an invalid argument that names the limit %s", err, test.want)
			}
		})
	}
	body := strings.Repeat("- [a](https://a.example/) is a place\n", 5000)
	if got := strings.Count(parse(t, "text/markdown", body).Text, "a is a place"); got != 5000 {
		t.Errorf("a long list of links kept %d items, want 5000", got)
	}
}
