package chunker

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/rangetable"
)

// longWord is the number of runes after which a run without white space counts as
// another word, as in an address, a line of minified code or a checksum.
const longWord = 32

// Words counts the runs of characters other than white space. A run of more than 32
// runes counts once for every 32 runes or part of them. In scripts without spaces,
// every letter counts (Chinese, Japanese), or every second letter (Thai, Lao,
// Khmer, Burmese, Tibetan). A mark of these scripts counts as a letter if a run
// begins with it, so that every run counts.
func Words(text string) int {
	var w wordCounter
	for at := 0; at < len(text); {
		// Most letters have one or two bytes. All scripts below U+0800 write spaces between
		// words, and none of their characters from U+00C0 to U+07FF is white space.
		switch c := text[at]; {
		case w.free:
		case c > ' ' && c < 0x7f:
			w.letter()
			at++
			continue
		case c >= 0xc3 && c < 0xe0 && at+1 < len(text) && text[at+1]&0xc0 == 0x80:
			w.letter()
			at += 2
			continue
		}
		r, size := utf8.DecodeRuneInString(text[at:])
		w.add(r)
		at += size
	}
	return w.n
}

type wordCounter struct {
	n    int
	run  int  // runes of the run so far
	half int  // letters of half a word so far
	free bool // marks that follow a letter of a script without spaces open no run
}

func (w *wordCounter) add(r rune) {
	switch {
	case unicode.IsSpace(r):
		w.run, w.half, w.free = 0, 0, false
	case r >= firstSpaceless && unicode.Is(spaceless, r):
		begins := w.run == 0 && !w.free
		w.run, w.free = 0, true
		if unicode.IsMark(r) && !begins {
			return
		}
		if w.half++; w.half%2 == 1 || !unicode.Is(halves, r) {
			w.n++
		}
	case w.free && !unicode.IsLetter(r) && !unicode.IsDigit(r):
		w.half = 0
	default:
		w.letter()
	}
}

// letter counts a character of a script with spaces.
func (w *wordCounter) letter() {
	if w.run%longWord == 0 {
		w.n++
	}
	w.run++
	w.half, w.free = 0, false
}

// firstSpaceless is the lowest rune of spaceless, to save look-ups.
const firstSpaceless = 0x0e00

var (
	// halves are scripts without spaces whose letters are consonants and vowels.
	halves = rangetable.Merge(unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Tibetan)
	// spaceless has all scripts that are written without spaces.
	spaceless = rangetable.Merge(halves, unicode.Han, unicode.Hiragana, unicode.Katakana)
)
