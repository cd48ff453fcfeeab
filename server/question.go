package server

import (
	"strings"
	"unicode"
)

// question removes invisible characters from a question. White space stays, and so
// do signs that enclose the text after them, such as the Arabic year sign.
func question(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r):
			return -1
		case unicode.Is(unicode.Variation_Selector, r), r == '\u034f', r == '\u115f', r == '\u1160', r == '\u3164', r == '\uffa0':
			return -1
		}
		return r
	}, text))
}
