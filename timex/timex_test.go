package timex_test

import (
	"bufio"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"dalil/timex"
)

// reference is a Wednesday.
var reference = time.Date(2024, 5, 15, 10, 30, 0, 0, time.UTC)

// example is a line of a table: a text, and the range that it names, or "-".
type example struct{ text, want string }

func examples(t testing.TB, path string) (all []example) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		text, want, ok := strings.Cut(lines.Text(), "\t")
		if strings.HasPrefix(text, "#") || !ok {
			continue
		}
		all = append(all, example{text, want})
	}
	return all
}

func written(r timex.Range) string {
	end := func(t time.Time) string {
		switch {
		case t.IsZero():
			return ""
		case t.Equal(t.Truncate(24 * time.Hour)):
			return t.Format("2006-01-02")
		}
		return t.Format("2006-01-02T15:04")
	}
	return end(r.From) + "/" + end(r.Until)
}

// The tables have 100 expressions of each language at least, and 40 that are no times.
func TestRead(t *testing.T) {
	for _, language := range []string{"english", "arabic"} {
		t.Run(language, func(t *testing.T) {
			times, others := 0, 0
			for _, e := range examples(t, "testdata/"+language+".tsv") {
				got := "-"
				r, found := timex.Read(e.text, reference)
				if found {
					got = written(r.Range)
				}
				if got != e.want {
					t.Errorf("%q: got %s, want %s", e.text, got, e.want)
				}
				if e.want == "-" {
					others++
				} else {
					times++
				}
			}
			if times < 100 || others < 40 {
				t.Errorf("the table has %d times and %d others, want 100 and 40", times, others)
			}
		})
	}
}

// An expression keeps its meaning inside of a question.
func TestReadInside(t *testing.T) {
	frames := map[string][]string{
		"english": {"What did the ministers say about trade %s?", "(%s) ministers", "Trade, %s."},
		"arabic":  {"ماذا قال الوزراء عن التجارة %s؟", "(%s) وزراء", "التجارة، %s."},
	}
	for language, all := range frames {
		for _, e := range examples(t, "testdata/"+language+".tsv") {
			for _, frame := range all {
				if e.want == "-" {
					continue
				}
				text := strings.Replace(frame, "%s", e.text, 1)
				r, found := timex.Read(text, reference)
				if !found || written(r.Range) != e.want {
					t.Errorf("%q: got %s, want %s", text, written(r.Range), e.want)
					continue
				}
				if part := text[r.Start:r.End]; !strings.Contains(e.text, part) {
					t.Errorf("%q: it is at %q", text, part)
				}
			}
		}
	}
}

func TestReadCountsFromTheReference(t *testing.T) {
	for _, test := range []struct{ text, now, want string }{
		{"last week", "2024-05-13T00:00:00Z", "2024-05-06/2024-05-13"}, // a Monday
		{"last week", "2024-05-12T23:59:59Z", "2024-04-29/2024-05-06"}, // the Sunday before
		{"last month", "2024-03-31T12:00:00Z", "2024-02-01/2024-03-01"},
		{"a month ago", "2024-03-31T12:00:00Z", "2024-02-01/2024-03-01"},
		{"yesterday", "2024-03-01T00:00:00+03:00", "2024-02-28/2024-02-29"}, // in UTC it is still February
		{"last year", "2024-01-01T00:00:00Z", "2023-01-01/2024-01-01"},
		{"in December", "2024-12-01T00:00:00Z", "2024-12-01/2025-01-01"},
		{"on Monday", "2024-05-13T09:00:00Z", "2024-05-06/2024-05-07"},
		{"five years ago", "2024-02-29T00:00:00Z", "2019-01-01/2020-01-01"},
	} {
		now, err := time.Parse(time.RFC3339, test.now)
		if err != nil {
			t.Fatal(err)
		}
		if r, _ := timex.Read(test.text, now); written(r.Range) != test.want {
			t.Errorf("%q at %s: got %s, want %s", test.text, test.now, written(r.Range), test.want)
		}
	}
	for _, now := range []time.Time{{}, time.Unix(1<<55, 0), time.Unix(-1<<55, 0)} {
		if r, found := timex.Read("last year", now); found {
			t.Errorf("at %v: %v", now, r)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, language := range []string{"english", "arabic"} {
		for _, e := range examples(f, "testdata/"+language+".tsv") {
			f.Add(e.text, reference.Unix())
		}
	}
	f.Fuzz(func(t *testing.T, text string, at int64) {
		r, found := timex.Read(text, time.Unix(at, 0))
		if !found {
			return
		}
		if r.From.IsZero() && r.Until.IsZero() || !r.From.IsZero() && !r.Until.IsZero() && !r.From.Before(r.Until) {
			t.Errorf("%q: %v", text, r)
		}
		if r.Start < 0 || r.Start >= r.End || r.End > len(text) || utf8.ValidString(text) && !utf8.ValidString(text[r.Start:r.End]) {
			t.Errorf("%q: it is at %d to %d", text, r.Start, r.End)
		}
		for _, end := range []time.Time{r.From, r.Until} {
			if y := end.Year(); y < 1 || y > 9999 {
				t.Errorf("%q: the year %d", text, y)
			}
		}
	})
}
