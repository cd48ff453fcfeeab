package main

import (
	"strconv"
	"strings"
	"unicode"
)

// plain makes text fit for a terminal: a file name or a message must not be able
// to move the cursor, change colours or turn the direction of what follows. What
// could is written as an escape of Go; line ends and tabs stay.
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

// plainName is plain for a name, which is in one line: one that holds line ends
// or other controls is quoted whole.
func plainName(s string) string {
	if strings.ContainsFunc(s, steers) || strings.ContainsAny(s, "\n\t") {
		return strconv.QuoteToGraphic(s)
	}
	return s
}

// steers reports whether a terminal acts on r instead of showing it: controls
// (C0, C1, DEL), and the marks of UAX 9 that override or embed directions.
func steers(r rune) bool {
	return unicode.IsControl(r) && r != '\n' && r != '\t' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}
