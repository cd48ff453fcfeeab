package syntax_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"dalil/syntax"
)

func TestRead(t *testing.T) {
	type list = []string
	for _, test := range []struct {
		text, want        string
		phrases, excluded list
	}{
		{`poverty reduction`, `poverty reduction`, nil, nil},
		{`"poverty reduction" in China`, `poverty reduction in China`, list{"poverty reduction"}, nil},
		{`the “poverty reduction” plan`, `the poverty reduction plan`, list{"poverty reduction"}, nil},
		{`the ”poverty reduction“ plan`, `the poverty reduction plan`, list{"poverty reduction"}, nil},
		{`“poverty reduction“`, `poverty reduction`, list{"poverty reduction"}, nil},
		{`«الأمم المتحدة» والمناخ`, `الأمم المتحدة والمناخ`, list{"الأمم المتحدة"}, nil},
		{`تقرير و«الأمم المتحدة»`, `تقرير و الأمم المتحدة`, list{"الأمم المتحدة"}, nil},
		{`„Vereinte Nationen“`, `Vereinte Nationen`, list{"Vereinte Nationen"}, nil},
		{`"one" and "two"`, `one and two`, list{"one", "two"}, nil},
		{`("climate change"), why?`, `( climate change ), why?`, list{"climate change"}, nil},
		{`growth -climate`, `growth`, nil, list{"climate"}},
		{`growth −climate`, `growth`, nil, list{"climate"}},
		{`-climate growth`, `growth`, nil, list{"climate"}},
		{`growth -"climate change" 2024`, `growth 2024`, nil, list{"climate change"}},
		{`growth -«تغير المناخ»`, `growth`, nil, list{"تغير المناخ"}},
		{`النمو -المناخ`, `النمو`, nil, list{"المناخ"}},
		{`growth -covid-19, then`, `growth , then`, nil, list{"covid-19"}},
		{`growth -o'neill.`, `growth .`, nil, list{"o'neill"}},
		{`-climate`, ``, nil, list{"climate"}},
		{`growth (-climate)`, `growth ( )`, nil, list{"climate"}},
		// Plain text.
		{`covid-19`, `covid-19`, nil, nil},
		{`-5 degrees`, `-5 degrees`, nil, nil},
		{`2010-2015`, `2010-2015`, nil, nil},
		{`2010 -2015`, `2010 -2015`, nil, nil},
		{`growth - climate`, `growth - climate`, nil, nil},
		{`growth -- climate`, `growth -- climate`, nil, nil},
		{`growth --climate`, `growth --climate`, nil, nil},
		{`growth – climate`, `growth – climate`, nil, nil},
		{`e-mail and well-being`, `e-mail and well-being`, nil, nil},
		{`China's growth`, `China's growth`, nil, nil},
		{`'single' quotes`, `'single' quotes`, nil, nil},
		{`‘single’ quotes`, `‘single’ quotes`, nil, nil},
		{`a 5" screen and a 7" one`, `a 5" screen and a 7" one`, nil, nil},
		{`an "open mark`, `an "open mark`, nil, nil},
		{`a closed" mark`, `a closed" mark`, nil, nil},
		{`«open`, `«open`, nil, nil},
		{`closed»`, `closed»`, nil, nil},
		{`""`, `""`, nil, nil},
		{`"…" growth`, `"…" growth`, nil, nil},
		{`growth -`, `growth -`, nil, nil},
		{`growth -"open`, `growth -"open`, nil, nil},
		{`  spaces   stay  `, `  spaces   stay  `, nil, nil},
		{``, ``, nil, nil},
	} {
		want := syntax.Reading{Text: test.want, Phrases: test.phrases, Excluded: test.excluded}
		if diff := cmp.Diff(want, syntax.Read(test.text)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", test.text, diff)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, text := range []string{`"a b" -c`, `«أ ب» -ج`, `-"x`, `“a” „b“ -«c»`, "\xff\"a\"", `"" -5 - -a-`} {
		f.Add(text)
	}
	letters := func(text string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) && r != utf8.RuneError {
				return r
			}
			return -1
		}, text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r := syntax.Read(text)
		if !r.Found() && r.Text != text {
			t.Errorf("%q became %q", text, r.Text)
		}
		n := len(letters(r.Text))
		for _, x := range r.Excluded {
			n += len(letters(x))
			if x == "" {
				t.Errorf("%q leaves out nothing", text)
			}
		}
		if n != len(letters(text)) { // nothing is lost
			t.Errorf("%q became %+v", text, r)
		}
		for _, p := range r.Phrases {
			if !strings.Contains(text, p) || p == "" {
				t.Errorf("%q has no %q", text, p)
			}
		}
		if again := syntax.Read(strings.ReplaceAll(r.Text, "-", "")); r.Found() && len(again.Excluded) > 0 && !strings.ContainsRune(r.Text, '−') {
			t.Errorf("%q: %q has a minus", text, r.Text)
		}
	})
}
