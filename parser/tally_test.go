package parser

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// A rune is decoded as the standard library does, whatever the bytes.
func TestRuneAtDecodes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := string(rapid.SliceOfN(rapid.Byte(), 1, 4).Draw(t, "bytes")) + rapid.String().Draw(t, "text")
		for at := range len(text) {
			r, size := runeAt(text, at)
			if want, n := utf8.DecodeRuneInString(text[at:]); r != want || size != n {
				t.Fatalf("%q at %d: %U of %d bytes, want %U of %d", text, at, r, size, want, n)
			}
		}
	})
}

func TestWordsAreThoseOfFieldsFunc(t *testing.T) {
	for name, in := range map[string]struct {
		letters *wordLetters
		is      func(r rune) bool
	}{
		"words": {inWord, func(r rune) bool {
			return unicode.IsLetter(r) || unicode.IsMark(r) || strings.ContainsRune("'’\u200c", r)
		}},
		"Latin words": {inLatinWord, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) }},
	} {
		rapid.Check(t, func(t *rapid.T) {
			text := rapid.StringMatching(`([a-zé'’ ,.3789٣يكتبُ\x{200c}東\x{302a}]|\n)*`).Draw(t, "text")
			var got []string
			in.letters.each(text, func(word string, kinds uint8) {
				got = append(got, word)
				for kind, of := range map[uint8]string{letterKind: "abcdefghijklmnopqrstuvwxyzéيكتب", digitKind: "3789٣", soundKind: "37", markKind: "ُ"} {
					if has := strings.ContainsAny(word, of); has != (kinds&kind != 0) {
						t.Fatalf("%s: %q has kinds %b", name, word, kinds)
					}
				}
			})
			if want := strings.FieldsFunc(text, func(r rune) bool { return !in.is(r) }); strings.Join(got, "|") != strings.Join(want, "|") {
				t.Fatalf("%s of %q: %q, want %q", name, text, got, want)
			}
		})
	}
}

func TestWordTableHasItsWords(t *testing.T) {
	want := map[string]int{}
	table := new(wordTable)
	for i, word := range strings.Fields("a ab abcdefg abcdefgh abcdefghi abcdefghij في ككككك") {
		want[word] = i
		table.add(word, i)
	}
	for _, word := range append(slices.Collect(maps.Keys(want)), "b", "abcdefgi", "abcdefghj", "abcdefghijk", "ك") {
		n, listed := table.number(word)
		if number, has := want[word]; listed != has || n != number {
			t.Errorf("%q has the number %d (%v), want %d (%v)", word, n, listed, number, has)
		}
	}
	if n := len(latinWords.in); n > tablePlaces*2/3 {
		t.Errorf("%d words are too many for %d places", n, tablePlaces)
	}
}
