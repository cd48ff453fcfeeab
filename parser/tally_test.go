package parser

import (
	"strings"
	"testing"
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

func TestEachWordIsThatOfFieldsFunc(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`([a-zé'’ ,.3يكتب\x{200c}東]|\n)*`).Draw(t, "text")
		var got []string
		eachWord(text, inWord, func(word string) { got = append(got, word) })
		if want := strings.FieldsFunc(text, notWord); strings.Join(got, "|") != strings.Join(want, "|") {
			t.Fatalf("%q: %q, want %q", text, got, want)
		}
	})
}
