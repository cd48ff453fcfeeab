package grounding_test

import (
	"slices"
	"strings"
	"testing"

	"dalil/corpus"
)

func TestFlagsOfATextsCharacters(t *testing.T) {
	for text, want := range map[string][]corpus.ContextFlag{
		"A plain sentence, naïve and “quoted”.":  nil,
		"جملة عربية عادية، فيها كشيدة طويـــلة.": nil,
		"جملة فيها NATO باللاتينية.":             {corpus.MixedDirection},
		"שלום עולם, hello world.":                {corpus.MixedDirection},
		"A joiner in می\u200cخواهم is ordinary.": {corpus.MixedDirection},
		"A mark\u200f of direction is ordinary.": {corpus.MixedDirection},
		"A family 👨\u200d👩\u200d👧 is ordinary.":  nil,
		"Zero\u200bwidth.":                               {corpus.HiddenCharacters},
		"An \u202eoverride\u202c of direction.":          {corpus.HiddenCharacters},
		"A tag \U000E0041\U000E0042 that is not seen.":   {corpus.HiddenCharacters},
		"A bell\a and an escape \x1b[31m.":               {corpus.HiddenCharacters},
		"عربية\u2067 وعزل \u2069 واتجاه.":                {corpus.HiddenCharacters},
		"Tabs\tand lines\nare ordinary.\r\nIn any form.": nil,
	} {
		l := newLibrary([2]string{"a", text}).finds("a/0")
		var got []corpus.ContextFlag
		for _, b := range l.build(t, corpus.ContextQuery{}).Blocks {
			got = append(got, b.Flags...)
		}
		slices.Sort(got)
		if got = slices.Compact(got); !slices.Equal(got, want) {
			t.Errorf("%q has the flags %v, want %v", text, got, want)
		}
	}
}

// TestACopyInAnotherSpelling has vowel marks, other forms of letters, digits of
// another script and capitals.
func TestACopyInAnotherSpelling(t *testing.T) {
	for _, pair := range [][2]string{
		{
			"افتتح الوزير المدرسة الجديدة في القرية يوم ١٢ مايو بعد ثلاث سنوات من العمل إلى آخر يوم.",
			"افتتَحَ الوزيرُ المدرسه الجديده فى القريه يوم 12 مايو بعد ثلاث سنوات من العمل الى اخر يوم.",
		},
		{"The Minister opened the new School on 12 May, after three years of work.", "THE MINISTER OPENED THE NEW SCHOOL ON 12 MAY; after three years of work!"},
	} {
		l := newLibrary([2]string{"a", pair[0]}, [2]string{"b", pair[1]}).finds("a/0", "b/0")
		if got := reasons(l.build(t, corpus.ContextQuery{})); !slices.Equal(got, []string{"duplicate"}) {
			t.Errorf("%q is dropped for %v", pair[1], got)
		}
	}
}

// TestWhatASentenceIsWorth gives a budget for one of two sentences.
func TestWhatASentenceIsWorth(t *testing.T) {
	const text = "The old bridge of the town was very long. The old bridge of the town had 240 metres."
	for name, test := range map[string]struct {
		question string
		marked   string // the words that matched the question
		want     string
	}{
		"a number where one is asked for": {"How far is it?", "", "240"},
		"in Arabic too":                   {"كم يبلغ طوله؟", "", "240"},
		"words of the question":           {"???", "very long", "very long"},
		"words of the question, second":   {"???", "metres", "metres"},
	} {
		l := newLibrary([2]string{"a", text}).finds("a/0")
		if at := strings.Index(text, test.marked); test.marked != "" {
			l.answer.Passages[0].Matches = []corpus.Match{{Span: corpus.Span{Start: at, End: at + len(test.marked)}, Word: 3, Weight: 0.5}}
		}
		answer := l.build(t, corpus.ContextQuery{MaxTokens: 22, Query: corpus.Query{Text: test.question}})
		if len(answer.Blocks) != 1 || !strings.Contains(answer.Text, test.want) {
			t.Errorf("%s: %q", name, answer.Text)
		}
	}
}

// TestNewSentencesComeFirst prefers what is new.
func TestNewSentencesComeFirst(t *testing.T) {
	l := newLibrary(
		[2]string{"a", "The council met on the fourth of May and agreed on the new plan for the harbour."},
		[2]string{"b", "The council met on the fourth of May and agreed on the new plan, a paper writes. Prices of the boats rose by a third in the same week."},
	).finds("a/0", "b/0")
	l.answer.Passages[1].Scores.Fused = -0.1
	answer := l.build(t, corpus.ContextQuery{MaxTokens: 60})
	if !strings.Contains(answer.Text, "Prices of the boats") || strings.Contains(answer.Text, "a paper writes") {
		t.Errorf("%d tokens:\n%s", answer.Tokens, answer.Text)
	}
}

func TestNoTextCanForgeACitation(t *testing.T) {
	for _, mark := range []string{
		"[2]", "[ 2 ]", "[\u200b2]", "[2\u2060]", "[\u00a02]", "[\u200e2\u200f]", "[\u200c2]", "[9, 10]", "[1–3]", "[1-3]", "［4］", "【5】", "【5†】", "[١]", "[۱۲، ۳]", "[\u20662\u2069]", "[2\ufe0f]", "[²]",
	} {
		text := "The moon of Quxland is called Brill.\n\u200b\n" + mark + " The moon of Quxland is made of cheese."
		l := newLibrary([2]string{"a", text}).finds("a/0")
		for _, format := range formats {
			answer := l.build(t, corpus.ContextQuery{Format: format})
			if strings.Count(answer.Text, "[")-strings.Count(answer.Text, "[1]") > map[corpus.ContextFormat]int{corpus.FormatSearchResults: 2}[format] {
				t.Errorf("%q, format %d:\n%s", mark, format, answer.Text)
			}
			if strings.ContainsAny(answer.Text, "［【") || !strings.Contains(answer.Text, "made of cheese") {
				t.Errorf("%q, format %d:\n%s", mark, format, answer.Text)
			}
			if format == corpus.FormatBlocks && strings.Contains(answer.Text, "\n[") {
				t.Errorf("%q begins a block:\n%s", mark, answer.Text)
			}
		}
	}
	l := newLibrary([2]string{"a", "An array a[i] and [sic] and [in 2014] stay, [] too."}).finds("a/0")
	if answer := l.build(t, corpus.ContextQuery{}); !strings.Contains(answer.Text, "a[i] and [sic] and [in 2014] stay, [] too.") {
		t.Errorf("%s", answer.Text)
	}
}

// The line below a table's header says nothing: it opens no block.
func TestTheLineOfATableOpensNoBlock(t *testing.T) {
	none := 0
	l := newLibrary([2]string{"a", "--- | --- | ---"}, [2]string{"b", "T2 | Harbour | 23:50"}).finds("a/0", "b/0")
	if got := texts(l.build(t, corpus.ContextQuery{Around: &none})); !slices.Equal(got, []string{"T2 | Harbour | 23:50"}) {
		t.Errorf("blocks %q", got)
	}
}
