//go:build !race

// The race detector makes these much slower, and they start no goroutine.

package lexical

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// wordsByStretch are the words of a text of which nothing is taken to be plain.
func wordsByStretch(a *Analyzer, text string) (all []occurrence, ordinals []int) {
	s := newScanner(a)
	s.reset(text)
	for s.next < len(text) {
		start := s.begin()
		s.readStretch(start, s.next)
		s.end()
		for i := range s.words {
			w := &s.words[i]
			all = append(all, occurrenceOf(s, w))
			ordinals = append(ordinals, w.ordinal)
		}
	}
	return all, ordinals
}

func checkPlain(t interface{ Fatalf(string, ...any) }, a *Analyzer, text string) {
	s := newScanner(a)
	s.reset(text)
	var got []occurrence
	var gotOrdinals []int
	for s.block() {
		for i := range s.words {
			got = append(got, occurrenceOf(s, &s.words[i]))
			gotOrdinals = append(gotOrdinals, s.words[i].ordinal)
		}
	}
	want, ordinals := wordsByStretch(a, text)
	equal := cmp.Comparer(func(x, y occurrence) bool {
		return x.known.word == y.known.word && x.known.stem == y.known.stem && x.known.script == y.known.script &&
			x.known.listed == y.known.listed && slices.Equal(x.known.words, y.known.words) &&
			x.span == y.span && x.stop == y.stop && x.upper == y.upper
	})
	if diff := cmp.Diff(want, got, equal); diff != "" {
		t.Fatalf("%q: -by stretches +plain\n%s", text, diff)
	}
	if !slices.Equal(gotOrdinals, ordinals) {
		t.Fatalf("%q: words have the places %v, want %v", text, gotOrdinals, ordinals)
	}
}

// plainPieces are where plain words end and others begin.
var plainPieces = []string{
	" ", " ", " ", "\n", "\t", "\r\n", "\u00a0", "\v", "a", "The", "WHO", "US", "us", "it", "A", "I", "net", ".net", "C++", "C", "#", "&", "+", "R&D", "e-mail", "co-operation", "-", "–",
	"'", "’", "l'Abbé", "don't", "U.S.A", "u.s.", ".", ",", ":", ";", "!", "?", "(", ")", "[", "]", "\"", "«", "»", "%", "_", "snake_case", "1", "2012", "1,000", "3.5", "g20", "5g",
	"كتب", "الماء", "قرءان", "ءا", "ء", "ا", "و", "ئ", "مسئول", "شؤون", "آ", "ى", "ة", "،", "؛", "؟", "ـ", "\u064b", "\u0651", "\u0670", "\u0653", "\u0654", "\u0655", "ٱلعالم", "گ", "ڤ", "٣", "٪",
	"é", "\u0301", "\u0308", "\u200d", "\u200f", "\u200b", "\ufeff", "東", "京", "กา", "ひら", "カタ", "한", "א", "״", "😀", "🇸🇦", "\u1f3fb", "ﷺ", "ﬁ", "㍘", "\xff", "\xd9", "\xd8", "\xc2", "\u0378",
}

// Plain words are what the whole analysis makes of them, whatever is beside them.
func TestPlainWordsAreThoseOfTheWholeAnalysis(t *testing.T) {
	a := NewAnalyzer()
	for _, x := range plainPieces {
		for _, y := range plainPieces {
			for _, z := range []string{"", " ", "word", " كتاب"} {
				checkPlain(t, a, x+y+z)
				checkPlain(t, a, "word"+x+" "+y+z)
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		checkPlain(t, a, strings.Join(rapid.SliceOfN(rapid.SampledFrom(plainPieces), 0, 30).Draw(t, "pieces"), ""))
	})
	files, err := filepath.Glob("../seeds/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d seeds, %v", len(files), err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		checkPlain(t, a, string(text))
		checkPlain(t, a, strings.Repeat(strings.ReplaceAll(string(text[:min(len(text), 3000)]), " ", ""), 20)) // blocks that end within a word
	}
}

func FuzzPlain(f *testing.F) {
	a := NewAnalyzer()
	for _, s := range plainPieces {
		f.Add("word " + s + " كلمة")
	}
	f.Fuzz(func(t *testing.T, s string) { checkPlain(t, a, s) })
}
