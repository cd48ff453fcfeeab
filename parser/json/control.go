package json

import (
	"fmt"
	"unicode"
)

// controlAt returns the byte of the first control character that JSON does not allow
// between its values, or -1.
func controlAt(text string) int {
	for at := range len(text) {
		if c := text[at]; c < ' ' && c != '\n' && c != '\r' && c != '\t' {
			return at
		}
	}
	return -1
}

// controlIn names the first control character of a value, which no text is meant
// to have; "" where there is none. Lines and tabs are allowed where text is.
func controlIn(s string, lines bool) string {
	if !mayHaveControls(s) {
		return ""
	}
	for at, r := range s {
		if !unicode.IsControl(r) || lines && (r == '\n' || r == '\r' || r == '\t' || r == '\f' || r == '\v' || r == '\u0085') {
			continue
		}
		return fmt.Sprintf("contains the control character %s at byte %d", controlName(r), at)
	}
	return ""
}

// mayHaveControls reports whether a string has a byte with which a control character begins. It
// is much faster than reading the characters.
func mayHaveControls(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == 0x7f || c == 0xc2 {
			return true
		}
	}
	return false
}

func controlName(r rune) string {
	if r == 0 {
		return "U+0000 (NUL)"
	}
	return fmt.Sprintf("%U", r)
}
