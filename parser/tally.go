package parser

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// tally counts the characters of a text, so that it is read once however many sets of
// letters are looked for.
type tally struct {
	low     [tallied]int32 // of the characters below tallied: all Latin, Cyrillic and Arabic ones that the sets have
	seen    []rune         // of these, the ones that occur
	high    []rune         // all others, in their order
	letters int            // and digits
}

// tallied is more than the characters of Latin, Greek, Cyrillic, Hebrew and Arabic.
const tallied = 0x800

// tallies keeps the memory of tallies.
var tallies = sync.Pool{New: func() any { return new(tally) }}

// tallyOf counts the characters of a text. valid says that it is UTF-8. Whoever has no more
// need of the tally calls done.
func tallyOf(text string) (t *tally, valid bool) {
	t, valid = tallies.Get().(*tally), true
	for at := 0; at < len(text); {
		r, size := rune(text[at]), 1
		if r >= utf8.RuneSelf {
			r, size = runeAt(text, at)
		}
		at += size
		if r >= tallied {
			valid = valid && (r != utf8.RuneError || size > 1)
			t.high = append(t.high, r)
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				t.letters++
			}
			continue
		}
		if t.low[r] == 0 {
			t.seen = append(t.seen, r)
		}
		t.low[r]++
	}
	for _, r := range t.seen {
		if lowKinds[r]&(letterKind|digitKind) != 0 {
			t.letters += int(t.low[r])
		}
	}
	return t, valid
}

// runeAt is utf8.DecodeRuneInString of text[at:], and faster for characters of two bytes.
func runeAt(text string, at int) (r rune, size int) {
	c := text[at]
	if c < utf8.RuneSelf {
		return rune(c), 1
	}
	if c >= 0xc2 && c < 0xe0 && at+1 < len(text) && text[at+1]&0xc0 == 0x80 {
		return rune(c&0x1f)<<6 | rune(text[at+1]&0x3f), 2
	}
	return utf8.DecodeRuneInString(text[at:])
}

// done gives the memory back.
func (t *tally) done() {
	for _, r := range t.seen {
		t.low[r] = 0
	}
	t.seen, t.high, t.letters = t.seen[:0], t.high[:0], 0
	tallies.Put(t)
}

// count is how often the letters of a set occur. They must be below tallied.
func (t *tally) count(letters string) (n int) {
	for _, r := range letters {
		n += int(t.low[r])
	}
	return n
}

// What a character below tallied is, so that most letters need no search in the tables of
// Unicode.
const (
	letterKind = 1 << iota
	digitKind
	markKind
	soundKind // a digit that stands for a sound in Arabic with Latin letters: mar7aba, 3ala
)

var lowKinds = func() (kinds [tallied]uint8) {
	for r := range rune(tallied) {
		if unicode.IsLetter(r) {
			kinds[r] |= letterKind
		}
		if unicode.IsDigit(r) {
			kinds[r] |= digitKind
		}
		if unicode.IsMark(r) {
			kinds[r] |= markKind
		}
		if r == '2' || r == '3' || r == '5' || r == '7' {
			kinds[r] |= soundKind
		}
	}
	return kinds
}()

// is reports whether a character is of one of the kinds.
func is(r rune, kinds uint8) bool {
	if uint32(r) < tallied {
		return lowKinds[r]&kinds != 0
	}
	return kinds&letterKind != 0 && unicode.IsLetter(r) || kinds&digitKind != 0 && unicode.IsDigit(r) || kinds&markKind != 0 && unicode.IsMark(r)
}

// wordLetters are the characters that words are made of.
type wordLetters struct {
	low  [tallied]uint8 // kinds of the characters below tallied, with inside if they are in words
	high func(r rune) bool
}

// inside marks a character of a word, see wordLetters.
const inside = 1 << 7

// lettersOf makes wordLetters of all characters of some kinds and of further ones.
func lettersOf(kinds uint8, more string) *wordLetters {
	in := func(r rune) bool { return is(r, kinds) || strings.ContainsRune(more, r) }
	letters := &wordLetters{high: in}
	for r := range rune(tallied) {
		if in(r) {
			letters.low[r] = lowKinds[r] | inside
		}
	}
	return letters
}

// each calls do with each longest piece of the text of these characters, and with the kinds
// of its characters below tallied.
func (l *wordLetters) each(text string, do func(word string, kinds uint8)) {
	start, kinds := -1, uint8(0)
	for at := 0; at < len(text); {
		r, size := rune(text[at]), 1
		if r >= utf8.RuneSelf {
			r, size = runeAt(text, at)
		}
		kind := uint8(0)
		if r < tallied {
			kind = l.low[r]
		} else if l.high(r) {
			kind = inside
		}
		switch {
		case kind != 0:
			if start < 0 {
				start, kinds = at, 0
			}
			kinds |= kind
		case start >= 0:
			do(text[start:at], kinds)
			start = -1
		}
		at += size
	}
	if start >= 0 {
		do(text[start:], kinds)
	}
}
