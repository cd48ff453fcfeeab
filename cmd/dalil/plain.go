package main

import (
	"strconv"
	"strings"
	"unicode"
)

// plain makes text safe for a terminal: a file name or a message must not move the
// cursor, change colours or change the direction of the text that follows.
// Characters that could do so are written as Go escapes. Line ends and tabs stay.
func plain(s string) string {
	if !strings.ContainsFunc(s, steers) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if !steers(r) {
			b.WriteRune(r)
			continue
		}
		quoted := strconv.QuoteRuneToASCII(r)
		b.WriteString(quoted[1 : len(quoted)-1])
	}
	return b.String()
}

// plainName makes a name safe for a terminal. A name that contains line ends or
// other control characters is quoted as a whole.
func plainName(s string) string {
	if strings.ContainsFunc(s, steers) || strings.ContainsAny(s, "\n\t") {
		return strconv.QuoteToGraphic(s)
	}
	return s
}

// steers reports whether a terminal interprets r instead of showing it: control
// characters (C0, C1, DEL), and the marks of UAX 9 that override or embed
// directions.
func steers(r rune) bool {
	return unicode.IsControl(r) && r != '\n' && r != '\t' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}
