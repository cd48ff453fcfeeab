package lexical

import (
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// folds maps letters of NFKC text to their folded letters. It is built once
// and only read.
type folds struct {
	low   [0x800]rune     // the fold of U+0000-U+07FF
	fast  [0x800]bool     // no NFKC needed: a starter that never joins the letter before it
	multi map[rune]string // letters that fold to several, such as ß
	latin map[rune]rune   // accented Latin letters above U+07FF
	shape map[rune]rune   // anything else that folds to one rune
}

// The results of a fold that are not letters.
const (
	dropRune  rune = -1 // leave the letter out; the letters around it are joined
	multiRune rune = -2 // see folds.multi
)

// arabicFold maps letters that writers use interchangeably to one of them. Hamza
// carriers lose their hamza; Persian, Urdu and Maghrebi letters become the Arabic
// letter that the same name is usually spelled with.
var arabicFold = map[rune]rune{
	'أ': 'ا', 'إ': 'ا', 'آ': 'ا', 'ٱ': 'ا', 'ٲ': 'ا', 'ٳ': 'ا',
	'ى': 'ي', 'ئ': 'ي', 'ؤ': 'و', 'ة': 'ه',
	'ک': 'ك', 'ڪ': 'ك', 'ګ': 'ك', 'گ': 'ك', 'ڭ': 'ك',
	'ی': 'ي', 'ے': 'ي', 'ۓ': 'ي', 'ې': 'ي', 'ۍ': 'ي', 'ێ': 'ي',
	'ھ': 'ه', 'ہ': 'ه', 'ە': 'ه', 'ۀ': 'ه', 'ۂ': 'ه', 'ۃ': 'ه', 'ۿ': 'ه',
	'پ': 'ب', 'چ': 'ج', 'ژ': 'ج', 'ڤ': 'ف', 'ڨ': 'ق', 'ڥ': 'ف', 'ۆ': 'و', 'ۇ': 'و', 'ۈ': 'و', 'ۋ': 'و',
	'ٹ': 'ت', 'ڈ': 'د', 'ڑ': 'ر', 'ں': 'ن', 'ڵ': 'ل', 'ڕ': 'ر',
}

// symbolFold maps marks that join words, and letters of other alphabets with
// two shapes.
var symbolFold = map[rune]rune{
	'’': '\'', '‘': '\'', 'ʼ': '\'', '＇': '\'', '`': '\'', '´': '\'',
	'ʿ': dropRune, 'ʾ': dropRune, 'ʻ': dropRune,
	'٫': '.', '٬': ',', '،': ',', '‐': '-', '‑': '-', 'ς': 'σ',
}

// latinFold spells letters that are no base letter with an accent.
var latinFold = map[rune]string{
	'ß': "ss", 'ẞ': "ss", 'æ': "ae", 'Æ': "ae", 'œ': "oe", 'Œ': "oe", 'þ': "th", 'Þ': "th",
	'ø': "o", 'Ø': "o", 'đ': "d", 'Đ': "d", 'ð': "d", 'Ð': "d", 'ł': "l", 'Ł': "l", 'ħ': "h", 'Ħ': "h", 'ı': "i", 'İ': "i", 'ŋ': "n", 'Ŋ': "n",
	'ə': "a", 'Ə': "a",
}

func newFolds() *folds {
	f := &folds{multi: map[rune]string{}, latin: map[rune]rune{}, shape: map[rune]rune{}}
	for r, s := range latinFold {
		if len(s) > 1 {
			f.multi[r] = s
		}
	}
	for r := rune(0x800); r < 0x2000; r++ {
		if r >= 0x1e00 && r < 0x1f00 {
			f.latin[r] = accentless(r)
		}
	}
	for r, to := range arabicFold {
		f.shape[r] = to
	}
	for r, to := range symbolFold {
		f.shape[r] = to
	}
	for r := range rune(len(f.low)) {
		f.low[r] = f.compute(r)
		f.fast[r] = fastRune(r)
	}
	return f
}

// fold maps one rune of NFKC text to a letter, dropRune or multiRune.
func (f *folds) fold(r rune) rune {
	if r < rune(len(f.low)) {
		return f.low[r]
	}
	return f.compute(r)
}

func (f *folds) compute(r rune) rune {
	if _, ok := f.multi[r]; ok {
		return multiRune
	}
	if s, ok := latinFold[r]; ok {
		return rune(s[0])
	}
	if to, ok := f.shape[r]; ok {
		return to
	}
	switch {
	case ignorable(r):
		return dropRune
	case r >= 0xc0 && r < 0x250:
		return accentless(r)
	case r >= 0x1e00 && r < 0x1f00:
		return f.latin[r]
	}
	if d := digit(r); d >= 0 {
		return '0' + d
	}
	return unicode.ToLower(r)
}

// accentless returns the lower-case base letter of an accented Latin letter,
// or the letter in lower case where it has none: Temüjin is Temujin.
func accentless(r rune) rune {
	d := []rune(norm.NFD.String(string(r)))
	return unicode.ToLower(d[0])
}

// digit returns the value of a decimal digit of any script, or -1.
func digit(r rune) rune {
	switch {
	case r >= '0' && r <= '9':
		return r - '0'
	case r >= 0x660 && r <= 0x669:
		return r - 0x660
	case r >= 0x6f0 && r <= 0x6f9:
		return r - 0x6f0
	case r < 0x80 || !unicode.Is(unicode.Nd, r):
		return -1
	}
	// The decimal digits of a script are ten in a row, from a zero whose last
	// hexadecimal digit is 0 or 6; counting down finds it.
	value := rune(0)
	for value < 9 && unicode.Is(unicode.Nd, r-value-1) {
		value++
	}
	return value
}

// ignorable reports whether a character is a mark or invisible, so that nobody
// searches for it: harakat, Quranic marks, tatweel, Latin accents that found no
// letter, bidirectional controls, zero-width characters, variation selectors.
func ignorable(r rune) bool {
	switch {
	case r < 0xad:
		return false
	case r == 0xad, r >= 0x300 && r <= 0x36f:
		return true
	case r == 0x640, r >= 0x610 && r <= 0x61c, r >= 0x64b && r <= 0x65f, r == 0x670,
		r >= 0x6d6 && r <= 0x6e8 && r != 0x6de && r != 0x6e5 && r != 0x6e6, r >= 0x6ea && r <= 0x6ed, r == 0x6e5, r == 0x6e6:
		return true
	case r >= 0x8c8 && r <= 0x8ff, r == 0x180e, r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e,
		r >= 0x2060 && r <= 0x206f, r >= 0xfe00 && r <= 0xfe0f, r == 0xfeff, r >= 0xe0000 && r <= 0xe0fff:
		return true
	}
	return false
}

// fastRune reports whether a rune below U+0800 is not changed by NFKC and never
// combines with the letter before it, or is dropped in any case.
func fastRune(r rune) bool {
	switch {
	case r < 0x80:
		return true
	case r >= 0x610 && r <= 0x61c, r >= 0x64b && r <= 0x652, r == 0x670: // harakat: dropped
		return true
	case r >= 0xc0 && r < 0x250, r >= 0x400 && r < 0x600, r >= 0x600 && r < 0x700:
		s := string(r)
		p := norm.NFKC.PropertiesString(s)
		return p.BoundaryBefore() && norm.NFKC.IsNormalString(s)
	}
	return false
}
