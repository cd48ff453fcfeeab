package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/clipperhouse/displaywidth"

	dalilv1 "dalil/proto/dalil/v1"
)

func rendered(t *testing.T, s screen, answer *dalilv1.SearchResponse) string {
	t.Helper()
	var out bytes.Buffer
	if err := (&renderer{screen: s, out: bufio.NewWriter(&out)}).answer(answer); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func anAnswer() *dalilv1.SearchResponse {
	text := strings.Repeat("التعاون الدولي للحد من الفقر بين المدن والقرى ", 12)
	score := float32(0.5)
	return &dalilv1.SearchResponse{
		Passages: []*dalilv1.Passage{
			{
				Rank: 1, Text: text, Document: &dalilv1.Document{DocumentId: "a", Title: "عنوان"}, Scores: &dalilv1.Scores{Dense: &score},
				Highlights: []*dalilv1.Highlight{{Start: 0, End: int32(len("التعاون"))}},
			},
			{Rank: 2, Text: "Rivers.", Document: &dalilv1.Document{DocumentId: "b", Source: "news/b.txt"}, Scores: &dalilv1.Scores{}},
		},
		Debug: &dalilv1.SearchDebug{Explanations: []*dalilv1.Explanation{
			{Word: "الفقر", Held: true, Term: "فقر", Weight: 1, Translations: []*dalilv1.Translation{{Term: "poverty", Weight: 0.5}}},
		}},
	}
}

func TestAnswersOnScreens(t *testing.T) {
	for _, width := range []int{40, 100} {
		for name, s := range map[string]screen{
			"colours":  {terminal: true, controls: true, colour: true, width: width},
			"NO_COLOR": {terminal: true, controls: true, width: width},
			"dumb":     {terminal: true, width: width},
			"a pipe":   {width: width},
		} {
			got := rendered(t, s, anAnswer())
			if colours := strings.Contains(got, "\x1b["); colours != s.colour {
				t.Errorf("%s: colours: %v", name, colours)
			}
			if brackets := strings.Contains(got, "[التعاون]"); brackets == s.colour {
				t.Errorf("%s: brackets: %v", name, brackets)
			}
			if isolated := strings.Contains(got, "\u2067فقر\u2069 1.00, \u2066poverty\u2069 0.50") && strings.Contains(got, "\u2067الفقر\u2069 → "); isolated != s.terminal {
				t.Errorf("%s: the debug lines are isolated: %v\n%s", name, isolated, got)
			}
			if !strings.Contains(got, "  b  ") || !strings.Contains(got, "news/b.txt") || strings.Contains(got, "\u2066b") {
				t.Errorf("%s: a hit without a title does not show its id, fit to be copied, and its source:\n%s", name, got)
			}
			for line := range strings.SplitSeq(got, "\n") {
				for _, escape := range []string{escapeBold, escapeDim, escapeMatch, escapeReset} {
					line = strings.ReplaceAll(line, escape, "")
				}
				if wide := displaywidth.String(line); wide > width {
					t.Errorf("%s: a line has %d columns of %d: %q", name, wide, width, line)
				}
			}
		}
	}
}

func TestWhatTheEnvironmentSaysOfTheScreen(t *testing.T) {
	if got := screenOf(&bytes.Buffer{}, []string{"TERM=xterm"}); got.terminal || got.controls || got.colour {
		t.Errorf("a buffer is taken for %+v", got)
	}
	terminal, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("there is no terminal to be had: %v", err)
	}
	defer terminal.Close()
	for _, test := range []struct {
		environment      []string
		controls, colour bool
	}{
		{[]string{"TERM=xterm"}, true, true},
		{[]string{"TERM=xterm", "NO_COLOR=1"}, true, false},
		{[]string{"TERM=xterm", "NO_COLOR="}, true, true}, // empty is not set
		{[]string{"TERM=dumb"}, false, false},
	} {
		if got := screenOf(terminal, test.environment); !got.terminal || got.controls != test.controls || got.colour != test.colour {
			t.Errorf("%v: %+v", test.environment, got)
		}
	}
}

func TestLanguagesAreFoundInAnyCase(t *testing.T) {
	data := t.TempDir()
	file := filepath.Join(data, "x.jsonl")
	if err := os.WriteFile(file, []byte(fmt.Sprintln(`{"id":"x","language":"ar","text":"الفقر في المدن"}`)), 0o600); err != nil {
		t.Fatal(err)
	}
	dalil(t, filepath.Join(data, "d"), "", nil, "index", file)
	if _, out, errs := dalil(t, filepath.Join(data, "d"), "", nil, "search", "--language", "AR", "الفقر"); !strings.Contains(out, "  x") {
		t.Errorf("--language AR: %s%s", out, errs)
	}
}

// Each view is printed with what it has.
func TestViewsOnScreens(t *testing.T) {
	path := []string{"Report", "المدن", "Rail"}
	document := &dalilv1.Document{DocumentId: "a", Title: "Report"}
	got := rendered(t, screen{width: 80}, &dalilv1.SearchResponse{Passages: []*dalilv1.Passage{
		{Rank: 1, DocumentId: "a", Scores: &dalilv1.Scores{}, Document: document, HeadingPath: path, Text: "### Rail\n\nTrains carry grain.", Snippet: "Trains"},
		{Rank: 2, DocumentId: "a", Scores: &dalilv1.Scores{}, Document: document, HeadingPath: path, Snippet: "The snippet alone."},
		{Rank: 3, DocumentId: "ids/alone", Scores: &dalilv1.Scores{}},
	}})
	for _, want := range []string{"     المدن\n", "Trains carry grain.", "     المدن › Rail\n", "     The snippet alone.\n", "ids/alone\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing:\n%s", want, got)
		}
	}
}
