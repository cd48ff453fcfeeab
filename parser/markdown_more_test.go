package parser_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dalil/corpus"
	"dalil/parser"
)

func TestMarkdownStructure(t *testing.T) {
	for _, test := range []struct{ name, body, want string }{
		{"a block of HTML", "<div dir=\"rtl\">\nيسقى الليمون كل يوم.\n</div>", "يسقى الليمون كل يوم."},
		{"details", "<details>\n<summary>Which filter?</summary>\nSize F7, *really*.\n</details>", "Which filter?\nSize F7, *really*."},
		{"details around Markdown", "<details>\n<summary>Which filter?</summary>\n\nSize **F7**.\n\n</details>", "Which filter?\n\nSize F7."},
		{"a table in HTML", "<table>\n<tr><th>Part</th><th>Price</th></tr>\n<tr><td>Gasket</td><td>4</td></tr>\n</table>", "Part | Price\n--- | ---\nGasket | 4"},
		{"a line break", "Monday<br>Thursday<br/>Friday", "Monday\nThursday\nFriday"},
		{"mathematics", "The area $a*b*c$ and $$x_1 * y_2$$ and \\(p*q*r\\), not $5 or *6* or $7.", "The area $a*b*c$ and $$x_1 * y_2$$ and \\(p*q*r\\), not $5 or 6 or $7."},
		{"mathematics on lines", "$$\na * b *\nc * d\n$$", "$$ a * b * c * d $$"},
		{"an ordered list", "3. three\n4. four", "3. three\n4. four"},
		{"a task list", "- [x] done\n- [ ] open", "- [x] done\n- [ ] open"},
		{"a definition list", "Keel\n: The spine of a boat.", "Keel\n: The spine of a boat."},
		{"a footnote", "A boat.[^1]\n\n[^1]: Not a ship.", "A boat. [1]\n\n1. Not a ship."},
		{"a link", "[the gate](https://a.example/x \"t\") and <https://b.example/>", "the gate and https://b.example/"},
		{"an image", "![a photo of the gate](data:image/png;base64,AAAA)", "a photo of the gate"},
		{"a comment", "Forty.\n\n<!-- TODO -->\n\nBoats.", "Forty.\n\nBoats."},
		{"code", "```sh\n# no heading\n*no* <b>HTML</b> | x\n```", "```sh\n# no heading\n*no* <b>HTML</b> | x\n```"},
		{"code with fences in it", "````md\n```\nx\n```\n````", "````md\n```\nx\n```\n````"},
		{"old Mac line ends", "# a\r\rb", "# a\n\nb"},
		{"a superscript", "10<sup>6</sup> litres", "10^6 litres"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, parse(t, "text/markdown", test.body).Text); diff != "" {
				t.Errorf("text (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFrontMatter(t *testing.T) {
	day := time.Date(2024, 3, 2, 0, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		name, body string
		want       corpus.Document
	}{
		{"nested keys", "---\ntitle: Real\nimage:\n  title: Photo\n---\nBody.", corpus.Document{Title: "Real"}},
		{"nested before", "---\nimage:\n  title: Photo\ntitle: Real\n---\nBody.", corpus.Document{Title: "Real"}},
		{"quotes in quotes", "---\ntitle: 'It''s the miller''s wheel'\nauthor: \"Said \\\"the miller\\\" Haddad\"\ntags: [\"a, b\", c]\n---\nBody.", corpus.Document{Title: "It's the miller's wheel", Author: `Said "the miller" Haddad`, Tags: []string{"a, b", "c"}}},
		{"trailing spaces", "--- \ntitle: T  \n---\t\nBody.", corpus.Document{Title: "T"}},
		{"a block list", "---\ntags:\n  - one\n  - two words\nauthors:\n- name: A\n- B\n---\nBody.", corpus.Document{Tags: []string{"one", "two words"}, Author: "A, B"}},
		{"a comment behind a date", "---\ndate: 2024-03-02 # first draft\n---\nBody.", corpus.Document{PublishedAt: day}},
		{"a colon in a title", "---\ntitle: The gate: a story\n---\nBody.", corpus.Document{Title: "The gate: a story"}},
		{"a folded title", "---\ntitle: >\n  The gate\n  again\n---\nBody.", corpus.Document{Title: "The gate again"}},
		{"TOML", "+++\ntitle = \"T\"\ndate = 2024-03-02\ntags = [\"a\", \"b\"]\n[extra]\ntitle = \"no\"\n+++\nBody.", corpus.Document{Title: "T", PublishedAt: day, Tags: []string{"a", "b"}}},
		{"TOML with a time", "+++\ntitle = 'T'\ndate = 2024-03-02T03:00:00+03:00\n+++\nBody.", corpus.Document{Title: "T", PublishedAt: day}},
		{"JSON", "{\n \"title\": \"T\",\n \"tags\": [\"a\"],\n \"x\": {\"title\": \"no\"}\n}\n\nBody.", corpus.Document{Title: "T", Tags: []string{"a"}}},
		{"an ended YAML document", "---\ntitle: T\n...\nBody.", corpus.Document{Title: "T"}},
		{"a number for a title", "---\ntitle: 1984\n---\nBody.", corpus.Document{Title: "1984"}},
		{"an ambiguous date", "---\ntitle: T\ndate: 01/02/2024\n---\nBody.", corpus.Document{Title: "T"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.want.Text = "Body."
			got := parse(t, "text/markdown", test.body)
			got.Language = ""
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("document (-want +got):\n%s", diff)
			}
		})
	}
	keys := "---\ntitle: T\nCategory: news\nyear: 2022\nhex: 0x10\ncode: \"2022\"\nrating: 4.50\ndraft: false\nlist: [a, 2021, true]\nempty: []\nnothing: null\ndue: 2024-05-01\nat: 2024-05-01 10:00:00\n" +
		"id: 9007199254740993\nmenu: {main: {weight: 5}}\nmetadata:\n  kind: x\n  year: 2023\n  title: inner\n---\nBody."
	want := map[string]corpus.Value{
		"Category": corpus.String("news"), "year": corpus.Number(2023), "hex": corpus.Number(16), "code": corpus.String("2022"), "rating": corpus.Number(4.5),
		"draft": corpus.Boolean(false), "list": corpus.List("a", "2021", "true"), "empty": corpus.List(), "due": corpus.String("2024-05-01"),
		"at": corpus.String("2024-05-01T10:00:00Z"), "id": corpus.String("9007199254740993"), "kind": corpus.String("x"),
	}
	got, err := parser.New(parser.Options{}).Parse(t.Context(), corpus.Raw{MediaType: "text/markdown", Body: []byte(keys)})
	if diff := cmp.Diff(want, got.Document.Metadata); err != nil || diff != "" || len(got.Warnings) != 3 || !strings.Contains(got.Warnings[0], "1 keys of the front matter have no name, or contain objects") ||
		!strings.Contains(got.Warnings[1], "1 keys of the front matter have lists with items that are no strings") || !strings.Contains(got.Warnings[2], "beyond 2^53") {
		t.Errorf("metadata of YAML: warnings %q, error %v (-want +got):\n%s", got.Warnings, err, diff)
	}
	keys = "+++\ntitle = 'T'\nyear = 2022\nrating = 4.5\ndraft = true\nlist = ['a', 'b']\nday = 2024-05-01\nat = 2024-05-01T12:00:00+02:00\nfar = inf\n[metadata]\nkind = 'x'\n+++\nBody."
	want = map[string]corpus.Value{
		"year": corpus.Number(2022), "rating": corpus.Number(4.5), "draft": corpus.Boolean(true), "list": corpus.List("a", "b"), "day": corpus.String("2024-05-01"),
		"at": corpus.String("2024-05-01T12:00:00+02:00"), "kind": corpus.String("x"),
	}
	got, err = parser.New(parser.Options{}).Parse(t.Context(), corpus.Raw{MediaType: "text/markdown", Body: []byte(keys)})
	if diff := cmp.Diff(want, got.Document.Metadata); err != nil || diff != "" || len(got.Warnings) != 1 || !strings.Contains(got.Warnings[0], "not finite") {
		t.Errorf("metadata of TOML: warnings %q, error %v (-want +got):\n%s", got.Warnings, err, diff)
	}
	keys = `{"title": "T", "kind": "x", "year": 2022, "draft": false, "list": ["a"], "n": null, "o": {"a": 1}}` + "\n\nBody."
	want = map[string]corpus.Value{"kind": corpus.String("x"), "year": corpus.Number(2022), "draft": corpus.Boolean(false), "list": corpus.List("a")}
	if diff := cmp.Diff(want, parse(t, "text/markdown", keys).Metadata); diff != "" {
		t.Errorf("metadata of JSON (-want +got):\n%s", diff)
	}
	keys = "---\n\"\": x\n\"a\\nb\": y\nkind: z\nplain: [a, b, 2024-05-01]\nnothing:\n---\nBody."
	got, err = parser.New(parser.Options{}).Parse(t.Context(), corpus.Raw{MediaType: "text/markdown", Body: []byte(keys)})
	if err != nil || len(got.Document.Metadata) != 2 || len(got.Warnings) != 2 || !strings.Contains(got.Warnings[0], "control characters") || !strings.Contains(got.Warnings[1], "1 keys of the front matter have no name") {
		t.Errorf("keys that no filter can name: metadata %v, warnings %q, error %v", got.Document.Metadata, got.Warnings, err)
	}
	long := "---\ntitle: T\nlong: " + strings.Repeat("v", 40<<10) + "\nshort: s\n---\nBody."
	if got := parse(t, "text/markdown", long); len(got.Metadata) != 1 || got.Metadata["short"].Text() != "s" || got.Text != "Body." {
		t.Errorf("long metadata: %v", got.Metadata)
	}
	bomb := "---\na: &a [x,x,x,x,x,x,x,x,x]\n" + strings.Repeat("b: &b [*a,*a,*a,*a,*a,*a,*a,*a]\n", 20) + "title: T\n---\nBody."
	if got := parse(t, "text/markdown", bomb).Text; got != "Body." {
		t.Errorf("aliases: got %q", got)
	}
}

func refused(t *testing.T, mediaType, body, want string) {
	t.Helper()
	_, err := parser.New(parser.Options{}).Parse(t.Context(), corpus.Raw{MediaType: mediaType, Body: []byte(body)})
	if !errors.Is(err, corpus.ErrInvalid) || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want an invalid argument that says %q", err, want)
	}
}

// Small inputs that the libraries turn into gigabytes, or that take them minutes.
func TestBombsAreRefused(t *testing.T) {
	for _, test := range []struct{ name, mediaType, body, want string }{
		{"a wide header over short rows", "text/markdown", strings.Repeat("|a", 1000) + "|\n" + strings.Repeat("|-", 1000) + "|\n" + strings.Repeat("|b\n", 100_000), "shorter than its header"},
		{"500 by 8,000", "text/markdown", strings.Repeat("|a", 500) + "|\n" + strings.Repeat("|-", 500) + "|\n" + strings.Repeat("|\n", 8000), "shorter than its header"},
		{"a table in a list", "text/markdown", "- " + strings.Repeat("|a", 500) + "|\n  " + strings.Repeat("|-", 500) + "|\n" + strings.Repeat("  |\n", 8000), "shorter than its header"},
		{"runs of backticks", "text/markdown", ticks(2000), "marks"},
		{"brackets", "text/markdown", strings.Repeat("[", 200_000), "marks"},
		{"angle brackets", "text/markdown", strings.Repeat("<a ", 200_000), "marks"},
		{"stars in a heading", "text/markdown", "# " + strings.Repeat("*a_", 200_000), "emphasis"},
		{"quotes", "text/markdown", strings.Repeat(">", 200_000), "nests"},
		{"lines", "text/markdown", strings.Repeat("a\n", 4_000_000), "elements"},
		{"formatting that is never closed", "text/html", strings.Repeat("<p>", 1) + openTags(400) + strings.Repeat("<p>x", 100_000), "HTML"},
		{"a flood of attributes", "text/html", "<p " + names(100_000) + ">x</p>", "attributes"},
		{"a flood of elements", "text/html", strings.Repeat("<br>", 1_000_000), "nodes"},
		{"nested elements", "text/html", strings.Repeat("<div>", 100_000), "nests"},
		{"nested tables", "text/html", strings.Repeat("<table><tr><td>", 100_000), "nests"},
		{"nested HTML in Markdown", "text/markdown", strings.Repeat("<div>", 5_000) + "x", "nests"},
		{"nested JSON", "application/json", `{"text":` + strings.Repeat("[", 1_000_000), "text"},
		{"nested metadata", "application/json", `{"text":"a","metadata":{"k":` + strings.Repeat(`{"a":`, 1_000_000), "metadata.k"},
	} {
		t.Run(test.name, func(t *testing.T) { refused(t, test.mediaType, test.body, test.want) })
	}
}

// ticks are runs of backticks, no two of one length.
func ticks(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat("`", i+1) + "a")
	}
	return b.String()
}

func names(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "a%d=b ", i)
	}
	return b.String()
}

func openTags(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("<b a=" + strings.Repeat("x", i%7) + string(rune('a'+i%26)) + ">")
	}
	return b.String()
}

// What only looks like a bomb is read.
func TestLargeDocumentsAreRead(t *testing.T) {
	table := "| name | value |\n|---|---|\n" + strings.Repeat("| some_snake_case_name_here | other_snake_case_value |\n", 4000)
	defines := "```c\n" + strings.Repeat("#define SOME_CONSTANT_NAME  (1 << FIRST_BIT) * (2_u)\n", 3000) + "```\n"
	for _, test := range []struct {
		name, body, unit string
		n                int
	}{
		{"4,000 rows of snake_case", table, "some_snake_case_name_here | other_snake_case_value", 4000},
		{"3,000 lines of #define", defines, "#define SOME_CONSTANT_NAME", 3000},
		{"many short code spans", strings.Repeat("Use `a_b_c` and `d`.\n\n", 20_000), "Use a_b_c and d.", 20_000},
		{"a full wide table", strings.Repeat("|a", 300) + "|\n" + strings.Repeat("|-", 300) + "|\n" + strings.Repeat(strings.Repeat("|b", 300)+"|\n", 300), "b | b | b | b", 300 * 75},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := strings.Count(parse(t, "text/markdown", test.body).Text, test.unit); got != test.n {
				t.Errorf("%d of %d are there", got, test.n)
			}
		})
	}
}

// ending is a context that ends when it is looked at for the n-th time.
type ending struct {
	context.Context
	left int
}

func (e *ending) Err() error {
	if e.left--; e.left < 0 {
		return context.DeadlineExceeded
	}
	return nil
}

func TestParsingStopsWithItsContext(t *testing.T) {
	for _, test := range []struct{ mediaType, body string }{
		{"text/html", strings.Repeat("<p>Forty boats came home.</p>\n", 50_000)},
		{"text/markdown", strings.Repeat("Forty *boats* came home.\n\n", 50_000)},
		{"text/csv", strings.Repeat("a,b,c\n", 100_000)},
		{"text/plain", strings.Repeat("Forty boats came home.\n", 200_000)},
	} {
		ctx := &ending{t.Context(), 2}
		_, err := parser.New(parser.Options{}).Parse(ctx, corpus.Raw{MediaType: test.mediaType, Body: []byte(test.body)})
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: got %v, want that the deadline is exceeded", test.mediaType, err)
		}
	}
}
