package format

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"dalil/corpus"
)

// Clean makes text fit to be shown and cut: valid UTF-8, no control
// characters, lines ended by \n without white space before it, at most one
// blank line in a row, nothing at either end. Letters are not touched: offsets
// hold for what the author wrote.
func Clean(text string) string {
	if trimmed := strings.TrimSpace(text); isClean(trimmed) {
		return trimmed
	}
	text = strings.ToValidUTF8(text, "\uFFFD")
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n\n", "\f", "\n\n", "\v", "\n").Replace(text)
	var b strings.Builder
	b.Grow(len(text))
	blank := 0
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimRightFunc(strings.Map(visible, line), unicode.IsSpace)
		if line == "" {
			blank++
			continue
		}
		if b.Len() > 0 {
			b.WriteString("\n\n"[:min(blank, 1)+1])
		} else {
			line = strings.TrimLeftFunc(line, unicode.IsSpace)
		}
		blank = 0
		b.WriteString(line)
	}
	return b.String()
}

// isClean reports whether Clean changes nothing in a text without white space at its ends.
func isClean(text string) bool {
	var before, last rune // the two characters before
	for at := 0; at < len(text); {
		r, size := rune(text[at]), 1
		switch {
		case r > ' ' && r < 0x7f:
		case r >= 0xc3 && r < 0xe0 && at+1 < len(text) && text[at+1]&0xc0 == 0x80: // U+00C0 to U+07FF
			size = 2 // nothing there is left out or white space
		case r == '\n':
			if last == '\n' && before == '\n' || last != '\n' && unicode.IsSpace(last) {
				return false
			}
		case r < ' ', r == 0x7f:
			return false
		case r >= utf8.RuneSelf:
			if r, size = utf8.DecodeRuneInString(text[at:]); r == utf8.RuneError && size == 1 {
				return false
			}
			if r < 0xa0 || r == '\u2028' || r == '\u2029' || visible(r) != r {
				return false
			}
		}
		before, last = last, r
		at += size
	}
	return true
}

// visible drops control characters and the byte order mark; the marks that
// order bidirectional text and join letters stay.
func visible(r rune) rune {
	switch {
	case r == '\t':
		return ' '
	case unicode.IsControl(r), r == '\uFEFF', r == '\uFFFE', r == '\uFFFF':
		return -1
	}
	return r
}

// Letters counts what a reader could read.
func Letters(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

// CheckText refuses a text that nothing can be found in.
func CheckText(text string) error {
	if text == "" {
		return corpus.Invalid("text", "is empty")
	}
	if strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsNumber(r) || unicode.IsSymbol(r)
	}) {
		return nil
	}
	return corpus.Invalid("text", "has no letter, digit or symbol")
}
