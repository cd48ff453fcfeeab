package chunker

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// lineEnd returns the end of the line that begins at byte at, with its line feed. A
// line feed before a combining mark does not end a line, because the mark belongs
// to it.
func lineEnd(text string, at int) int {
	for {
		n := strings.IndexByte(text[at:], '\n')
		if n < 0 {
			return len(text)
		}
		at += n + 1
		if r, _ := utf8.DecodeRuneInString(text[at:]); !unicode.IsMark(r) {
			return at
		}
	}
}

// blankEnd returns the end of the blank lines that begin at byte at.
func blankEnd(text string, at int) int {
	for at < len(text) {
		end := lineEnd(text, at)
		if strings.TrimSpace(text[at:end]) != "" {
			return at
		}
		at = end
	}
	return at
}
