package grounding

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// neutral makes a text fit for a prompt. Line ends become "\n"; other control
// characters become blanks; overrides of the writing direction and characters of
// no width are left out; a number in brackets, which reads like a citation of the
// context, gets round brackets. A text without any of these comes back as it is.
func neutral(text string) string {
	if !strings.ContainsFunc(text, suspect) {
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == '\r' && strings.HasPrefix(text[i+1:], "\n"):
		case lineEnd(r):
			b.WriteByte('\n')
		case control(r):
			b.WriteByte(' ')
		case hidden(r):
		case r == '[':
			if digits := citation(text[i:]); digits > 0 {
				b.WriteByte('(')
				b.WriteString(text[i+1 : i+1+digits])
				b.WriteByte(')')
				size += digits + 1
			} else {
				b.WriteByte('[')
			}
		default:
			b.WriteString(text[i : i+size])
		}
		i += size
	}
	return b.String()
}

// suspect reports whether neutral has to look closer.
func suspect(r rune) bool { return r == '[' || lineEnd(r) || control(r) || hidden(r) }

// lineEnd reports whether r ends a line, apart from "\n".
func lineEnd(r rune) bool {
	return r == '\r' || r == '\v' || r == '\f' || r == '\u0085' || r == '\u2028' || r == '\u2029'
}

// control reports whether r is a control character that no text needs.
func control(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' && !lineEnd(r) }

// hidden reports whether r changes what a reader sees, or carries a message that
// is not seen, without a use in Arabic or English text: embeddings, overrides and
// isolates of UAX 9, spaces and operators of no width, fillers, tags, variation
// selectors of the supplement. Joiners and direction marks are ordinary.
func hidden(r rune) bool {
	switch {
	case r < 0xad:
		return false
	case r == '\u00ad', r == '\u034f', r == '\u115f', r == '\u1160', r == '\u180e', r == '\u200b', r == '\u3164', r == '\ufeff', r == '\uffa0':
		return true
	case '\u202a' <= r && r <= '\u202e', '\u2060' <= r && r <= '\u206f':
		return true
	case '\ufff0' <= r && r <= '\ufffb', 0xe0000 <= r && r <= 0xe0fff:
		return true
	}
	return false
}

// citation returns how many bytes the digits have of a text that begins with a
// number in brackets; 0: it does not.
func citation(text string) int {
	n := 0
	for i, r := range text[1:] {
		switch {
		case unicode.IsDigit(r) && i < 16:
			n = i + utf8.RuneLen(r)
		case r == ']':
			return n
		default:
			return 0
		}
	}
	return 0
}

// line is a neutral text in one line of at most most characters.
func line(text string, most int) string {
	text = strings.Join(strings.Fields(neutral(text)), " ")
	n := 0
	for i := range text {
		if n++; n > most {
			return strings.TrimRight(text[:i], " ") + "…"
		}
	}
	return text
}
