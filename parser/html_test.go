package parser_test

import (
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dalil/corpus"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares a document with testdata/<name>.golden: a line of JSON with
// the fields, a blank line, the text.
func golden(t *testing.T, name, mediaType string) corpus.Document {
	t.Helper()
	body, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	d := parse(t, mediaType, string(body))
	text := d.Text
	fields := d.Clone()
	fields.Text = ""
	head, err := json.MarshalIndent(fields, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got := string(head) + "\n\n" + text + "\n"
	file := "testdata/" + name + ".golden"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
	return d
}

func checkText(t *testing.T, text string, holds, absent []string) {
	t.Helper()
	for _, s := range holds {
		if !strings.Contains(text, s) {
			t.Errorf("the text does not contain %q:\n%s", s, text)
		}
	}
	for _, s := range absent {
		if strings.Contains(text, s) {
			t.Errorf("the text holds %q:\n%s", s, text)
		}
	}
}

func TestArabicNewsPage(t *testing.T) {
	d := golden(t, "news.ar.html", "text/html")
	text := d.Text
	d.Text = ""
	want := corpus.Document{
		Title: "البلدية تفتتح حديقة على ضفة النهر", URL: "https://news.example/ar/2024/river-garden", Language: "ar",
		Author: "سامي الخولي, ليلى حداد", Tags: []string{"مدن", "بيئة"}, PublishedAt: time.Date(2024, 5, 1, 6, 30, 0, 0, time.UTC),
	}
	if diff := cmp.Diff(want, d); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
	checkText(t, text,
		[]string{"٣٫٥ مليون", "الدخول إليها مجاني طوال", "مطالب السكان\n", "في نهاية العام المقبل"},
		[]string{"ملفات تعريف", "موافق", "الرئيسية", "رياضة", "فيسبوك", "اقرأ أيضا", "موجة حر", "نشرتنا", "الحقوق", "tracker", "color"})
}

func TestEnglishBlogPage(t *testing.T) {
	d := golden(t, "blog.en.html", "text/html")
	text := d.Text
	d.Text = ""
	want := corpus.Document{
		Title: "How I fixed the gate", URL: "https://blog.example/gate", Language: "en", Author: "Nora Field",
		PublishedAt: time.Date(2023, 11, 20, 18, 0, 0, 0, time.UTC),
	}
	if diff := cmp.Diff(want, d); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
	checkText(t, text,
		[]string{"two buckets of gravel & lime", "What I needed\n", "one oak post", "screws = 16", "paint it"},
		[]string{"Home", "Contact", "Subscribe", "Facebook", "<em>", "&amp;"})
}

func TestPageWithoutAnArticle(t *testing.T) {
	d := golden(t, "bare.html", "text/html")
	checkText(t, d.Text, []string{"Monday", "9 to 5", "closed", "Ring twice."}, []string{"Home", "alert"})
	if d.Title != "Opening hours" {
		t.Errorf("got the title %q", d.Title)
	}
}

func TestPagesThatAreHardlyHTML(t *testing.T) {
	for _, test := range []struct{ name, body, want string }{
		{"words alone", "just words", "just words"},
		{"unclosed tags", "<p>one<p>two<b>three", "one\n\ntwothree"},
		{"stray ends", "</div></p>one</span>", "one"},
		{"entities", "<p>a &lt; b &#1575; &nbsp;c</p>", "a < b ا"},
		{"a script that is never closed", "<p>one</p><script>two", "one"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := parse(t, "text/html", test.body).Text; !strings.HasPrefix(got, test.want) || strings.Contains(got, "script") {
				t.Errorf("got %q, want %q at its start", got, test.want)
			}
		})
	}
}

func TestMalformedMetadataIsPassedOver(t *testing.T) {
	d := parse(t, "text/html", `<html lang="x"><head><title>T</title>
<script type="application/ld+json">{"@type":"NewsArticle","headline":</script>
<script type="application/ld+json">{"@type":"NewsArticle","headline":7,"author":{"name":3},"datePublished":"soon"}</script>
<link rel="canonical" href="javascript:alert(1)"><meta property="og:url" content="/relative">
<meta property="article:published_time" content="never"></head><body><p>A few words that stay.</p></body></html>`)
	want := corpus.Document{Title: "T", Text: "A few words that stay.", Language: "en"}
	if diff := cmp.Diff(want, d); diff != "" {
		t.Errorf("document (-want +got):\n%s", diff)
	}
}
