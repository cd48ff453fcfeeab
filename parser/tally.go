package parser

import (
	"strings"
	"sync"
	"unicode"
)

// tally counts the characters of a text, so that it is read once however many sets of
// letters are looked for.
type tally struct {
	low     [tallied]int32 // of the characters below tallied: all Latin, Cyrillic and Arabic ones that the sets have
	letters int            // and digits
}

// tallied is more than the characters of Latin, Greek, Cyrillic, Hebrew and Arabic.
const tallied = 0x800

// tallies keeps the memory of tallies.
var tallies = sync.Pool{New: func() any { return new(tally) }}

// tallyOf counts the characters of a text. Whoever has no more need of the tally calls done.
func tallyOf(text string) *tally {
	t := tallies.Get().(*tally)
	*t = tally{}
	for _, r := range text {
		if r < tallied {
			t.low[r]++
		} else if unicode.IsLetter(r) || unicode.IsDigit(r) {
			t.letters++
		}
	}
	for r, n := range t.low {
		if n > 0 && lowKinds[r]&(letterKind|digitKind) != 0 {
			t.letters += int(n)
		}
	}
	return t
}

func (t *tally) done() { tallies.Put(t) }

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

// commonWords are words that identify a language. Longer ones than the longest need not be
// looked up.
type commonWords struct {
	words   map[string]bool
	longest int // bytes
}

func set(words string) commonWords {
	c := commonWords{words: map[string]bool{}}
	for w := range strings.FieldsSeq(words) {
		c.words[w] = true
		c.longest = max(c.longest, len(w))
	}
	return c
}

func (c *commonWords) has(word string) bool { return len(word) <= c.longest && c.words[word] }
