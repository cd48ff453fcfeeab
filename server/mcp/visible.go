package mcp

import (
	"strings"
	"unicode"
)

// visible removes characters that a person does not see and a model reads: controls, overrides of the writing
// direction, characters of no width and tags. Joiners stay, as words are spelled with them. Offsets count the bytes of
// the text before.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t', r == '\u200c', r == '\u200d':
			return r
		case r == '\r':
			return -1
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r):
			return -1
		}
		return r
	}, text)
}
