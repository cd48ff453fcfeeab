package parser

import "unicode"

// tally counts the characters of a text, so that it is read once however many sets of
// letters are looked for.
type tally struct {
	low     [tallied]int32 // of the characters below tallied: all Latin, Cyrillic and Arabic ones that the sets have
	letters int            // and digits
}

const tallied = 0x800

func tallyOf(text string) *tally {
	t := &tally{}
	for _, r := range text {
		if r < tallied {
			t.low[r]++
		} else if unicode.IsLetter(r) || unicode.IsDigit(r) {
			t.letters++
		}
	}
	for r, n := range t.low {
		if n > 0 && (unicode.IsLetter(rune(r)) || unicode.IsDigit(rune(r))) {
			t.letters += int(n)
		}
	}
	return t
}

// count is how often the letters of a set occur. They must be below tallied.
func (t *tally) count(letters string) (n int) {
	for _, r := range letters {
		n += int(t.low[r])
	}
	return n
}
