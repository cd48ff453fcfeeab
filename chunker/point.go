package chunker

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// pointInside reports whether the point at byte i does not end a sentence: it is in
// a number, an address, an abbreviation, an initial or a list's number.
func (s *scanner) pointInside(i int) bool {
	after := i + 1
	if s.text[i] != '.' { // …
		after = i + len("…")
	}
	next, _ := utf8.DecodeRuneInString(s.text[after:])
	if after < len(s.text) && (unicode.IsLetter(next) && !arabic(next) || unicode.IsDigit(next)) {
		return true // 3.5, example.com, e.g, v1.2
	}
	if s.text[i] != '.' {
		return s.text[i:after] == "…" && s.goesOn(after)
	}
	if s.longWordEnds(i) {
		return false
	}
	word, lower := s.wordBefore(i), ""
	if len(word) <= longestAbbreviation {
		lower = strings.ToLower(word)
	}
	switch {
	case word == "":
		return strings.HasSuffix(s.text[s.start:i], ".") && s.goesOn(after) // "..." in mid-sentence
	case after < len(s.text) && arabic(next):
		// أ.د. or م.ب: single letters joined by points
		return utf8.RuneCountInString(word) == 1
	case s.listNumber(i, word):
		return true
	case abbreviations[lower]:
		return true
	case maybeAbbreviations[lower]:
		return s.goesOn(after)
	case single(word):
		// An initial: "J. Smith", "و. ب. ييتس". A single Arabic letter before a
		// point is always an initial, a Latin one if it is a capital.
		r, _ := utf8.DecodeRuneInString(word)
		return arabic(r) || unicode.IsUpper(r) && !s.endOfText(after)
	case strings.Contains(word, "."):
		return s.goesOn(after) // U.S., a.m.
	}
	return false
}

func arabic(r rune) bool { return unicode.Is(unicode.Arabic, r) && unicode.IsLetter(r) }

func single(word string) bool { return utf8.RuneCountInString(word) == 1 }

// longWordEnds reports whether plain letters end at byte i that are a whole word longer than
// every abbreviation, as nearly all words before points are. False: another rule may apply.
func (s *scanner) longWordEnds(i int) bool {
	start := i
	for start > s.start && i-start <= 24 {
		n := plainLetterBefore(s.text[s.start:start])
		if n == 0 {
			return s.text[start-1] == ' ' && i-start > longestAbbreviation
		}
		start -= n
	}
	return i-start > longestAbbreviation
}

// wordBefore returns the run of letters, digits and points that ends at byte i, at
// most 24 bytes of it.
func (s *scanner) wordBefore(i int) string {
	start := i
	for start > s.start && i-start < 24 {
		if n := plainLetterBefore(s.text[s.start:start]); n > 0 {
			start -= n
			continue
		}
		r, size := utf8.DecodeLastRuneInString(s.text[s.start:start])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && r != '.' {
			break
		}
		start -= size
	}
	return strings.TrimLeft(s.text[start:i], ".")
}

// plainLetterBefore returns the length of the small letter of ASCII or the letter of
// Arabic that a text ends with, without a search in the tables of Unicode; 0: it ends with
// something else.
func plainLetterBefore(text string) int {
	n := len(text)
	switch last := text[n-1]; {
	case 'a' <= last && last <= 'z':
		return 1
	case n < 2:
	case text[n-2] == 0xD8 && 0xA1 <= last && last <= 0xBA: // ء to غ
		return 2
	case text[n-2] == 0xD9 && 0x81 <= last && last <= 0x8A: // ف to ي
		return 2
	}
	return 0
}

// goesOn reports whether the text after a point continues the sentence: with a
// small Latin letter, a digit or a comma. Arabic has no capitals, so an uncertain
// point ends the sentence there.
func (s *scanner) goesOn(at int) bool {
	rest := strings.TrimLeft(s.text[at:min(at+64, len(s.text))], " \t\u00a0\")]”’»")
	r, _ := utf8.DecodeRuneInString(rest)
	return unicode.IsLower(r) || unicode.IsDigit(r) || r == ',' || r == '،' || r == ';' || r == ':'
}

func (s *scanner) endOfText(at int) bool {
	return strings.TrimSpace(s.text[at:min(at+64, len(s.text))]) == ""
}

// listNumber reports whether the word is the number or letter at the beginning of a
// line: "1. First".
func (s *scanner) listNumber(i int, word string) bool {
	if len(word) > 6 || strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsDigit(r) }) {
		return false
	}
	return strings.TrimSpace(s.text[s.start:i-len(word)]) == ""
}

// abbreviations never end a sentence, because a name follows a title.
var abbreviations = set("dr mr mrs ms prof gen sen rep gov capt lt col sgt rev hon st mt messrs eg e.g i.e ie cf vs viz approx fig figs eq vol ed eds trans ff " +
	"أ.د د م أ ص ج ط ت مج تح")

// maybeAbbreviations end a sentence if the following text does not continue it.
var maybeAbbreviations = set("etc inc ltd co corp jr sr no nos al p pp a.m p.m am pm jan feb mar apr jun jul aug sep sept oct nov dec u.s u.k u.n هـ ق.م الخ إلخ")

// longestAbbreviation is the number of bytes of the longest one.
var longestAbbreviation = longest(abbreviations, maybeAbbreviations)

func longest(sets ...map[string]bool) (n int) {
	for _, words := range sets {
		for w := range words {
			n = max(n, len(w))
		}
	}
	return n
}

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// wrapped reports whether the line break at byte i only wraps a long line, because
// the next line continues in small letters.
func (s *scanner) wrapped(i int) bool {
	line := s.text[strings.LastIndexByte(s.text[:i], '\n')+1 : i]
	if len(line) < 50 {
		return false
	}
	r, _ := utf8.DecodeRuneInString(s.text[i+1:])
	return unicode.IsLower(r)
}
