package snippet

import (
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/words"
)

// firstWord returns the first word or gap of a text that begins between words (UAX 29),
// and its code points.
func firstWord(text string) (word string, runes int) {
	if n, runes := plainWord(text); n > 0 {
		return text[:n], runes
	}
	segments := words.FromString(text)
	segments.Next()
	return segments.Value(), utf8.RuneCountInString(segments.Value())
}

// plainWord returns the length of the first word or gap if it is letters and digits before
// a space, or a space before them. Most words of English and Arabic text are found so, in a
// fraction of the time. 0: another rule may apply.
func plainWord(text string) (n, runes int) {
	if text[0] == ' ' {
		if plainLetter(text, 1) > 0 {
			return 1, 1
		}
		return 0, 0
	}
	for size := plainLetter(text, 0); size > 0; size = plainLetter(text, n) {
		n, runes = n+size, runes+1
	}
	if n < len(text) && text[n] == ' ' {
		return n, runes
	}
	return 0, 0
}

// plainLetter returns the length of a letter or digit of ASCII, or of a letter of Arabic,
// that is at a place. 0: there is something else.
func plainLetter(text string, at int) int {
	if at >= len(text) {
		return 0
	}
	b := text[at]
	switch {
	case 'a' <= b && b <= 'z', 'A' <= b && b <= 'Z', '0' <= b && b <= '9':
		return 1
	case b|1 != 0xD9 || at+1 == len(text):
		return 0
	}
	// No branch depends on which of the two bytes it is, because that cannot be foretold.
	if pair := arabicPairs[b&1]; text[at+1]-pair.first <= pair.more {
		return 2
	}
	return 0
}

// arabicPairs are the second bytes of plain letters of Arabic, behind 0xD8 and 0xD9: the
// first of them, and how many more there are.
var arabicPairs = [2]struct{ first, more uint8 }{
	{0xA1, 0xBA - 0xA1}, // ء to غ
	{0x81, 0x8A - 0x81}, // ف to ي
}
