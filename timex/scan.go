package timex

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// kind is what a token is.
type kind uint8

const (
	noToken kind = iota
	wordToken
	numberToken
	markToken
)

// token is a word, a number or one sign of a text.
type token struct {
	kind       kind
	text       string // folded: lower case, one form of each Arabic letter, digits of all scripts as 0 to 9
	value      int    // of a number; -1: it has more than six digits
	start, end int    // bytes in the text
	glued      bool   // no space before it
	capital    bool   // it begins with a capital letter
}

// is reports whether the token is this sign.
func (t token) is(sign string) bool { return t.kind == markToken && t.text == sign }

// dash reports whether the token is a hyphen or a dash.
func (t token) dash() bool {
	return t.kind == markToken && strings.Contains("-–—‐‑−", t.text)
}

// mostTokens bounds the tokens that are read. Longer texts are no questions.
const mostTokens = 4096

// scan divides a text into tokens.
func scan(text string) []token {
	var tokens []token
	glued := false
	for i := 0; i < len(text) && len(tokens) < mostTokens; {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case unicode.IsSpace(r), r == utf8.RuneError && size <= 1, silent(r):
			glued = glued && silent(r)
			i += size
			continue
		}
		t := token{start: i, glued: glued, capital: unicode.IsUpper(r)}
		switch {
		case digit(r) >= 0:
			t.kind = numberToken
			i = run(text, i, &t, func(r rune) bool { return digit(r) >= 0 })
			t.value = number(t.text)
		case unicode.IsLetter(r):
			t.kind = wordToken
			i = run(text, i, &t, unicode.IsLetter)
		default:
			t.kind, t.text = markToken, text[i:i+size]
			i += size
		}
		t.end = i
		if rest, cut := strings.CutPrefix(t.text, "و"); cut && joined(rest) { // واليوم, وحتى
			tokens = append(tokens, token{kind: wordToken, text: "و", start: t.start, end: t.start + len("و"), glued: t.glued})
			t.text, t.start, t.glued = rest, t.start+len("و"), true
		}
		tokens = append(tokens, t)
		glued = true
	}
	return tokens
}

// joined reports whether a word begins an expression, so that the "و" before it is a word
// of its own.
func joined(word string) bool {
	_, weekday := weekdays[word]
	_, part := parts[word]
	rest, definite := strings.CutPrefix(word, "ال")
	return word != "" && (weekday || part || definite && (units[rest].unit != noUnit || decades[rest] > 0) || months[word] > 0 && !uncertain[word] || beginnings[word] ||
		introducing[word] || sinces[word] || befores[word] || afters[word] || untils[word] || yesterday[word] || currents[word])
}

// run reads a token of characters of one kind. Marks on letters are left out.
func run(text string, i int, t *token, of func(rune) bool) int {
	var folded strings.Builder
	for i < len(text) {
		r, size := utf8.DecodeRuneInString(text[i:])
		if !of(r) && !silent(r) {
			break
		}
		if !silent(r) {
			folded.WriteRune(fold(r))
		}
		i += size
	}
	t.text = folded.String()
	return i
}

// silent reports whether a character changes no word: Arabic vowel marks, tatweel,
// and marks of direction.
func silent(r rune) bool {
	return r >= 0x64b && r <= 0x65f || r == 0x670 || r == 0x640 || r >= 0x200b && r <= 0x200f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

func fold(r rune) rune {
	if d := digit(r); d >= 0 {
		return '0' + d
	}
	switch r {
	case 'أ', 'إ', 'آ', 'ٱ':
		return 'ا'
	case 'ى', 'ی':
		return 'ي'
	case 'ة':
		return 'ه'
	case 'ک':
		return 'ك'
	}
	return unicode.ToLower(r)
}

// digit returns the value of a digit: of those of Europe, of Arabic, and of Persian; -1
// for anything else.
func digit(r rune) rune {
	switch {
	case r >= '0' && r <= '9':
		return r - '0'
	case r >= 0x660 && r <= 0x669:
		return r - 0x660
	case r >= 0x6f0 && r <= 0x6f9:
		return r - 0x6f0
	}
	return -1
}

// number returns the value of digits, or -1 if there are more than six.
func number(digits string) int {
	if len(digits) > 6 {
		return -1
	}
	n := 0
	for _, d := range digits {
		n = 10*n + int(d-'0')
	}
	return n
}
