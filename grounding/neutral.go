package grounding

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"dalil/corpus"
)

// neutral makes a text fit for a prompt. Line ends become "\n"; other control
// characters become blanks; overrides of the writing direction and characters of
// no width are left out; and then numbers in brackets, which read like a citation
// of the context, get round brackets. Other texts come back as they are.
func neutral(text string) string {
	if strings.ContainsFunc(text, suspect) {
		text = strings.Map(func(r rune) rune {
			switch {
			case lineEnd(r):
				return '\n'
			case control(r):
				return ' '
			case corpus.Hidden(r):
				return -1
			}
			return r
		}, strings.ReplaceAll(text, "\r\n", "\n"))
	}
	return withoutCitations(text)
}

// suspect reports whether neutral changes the character.
func suspect(r rune) bool { return lineEnd(r) || control(r) || corpus.Hidden(r) }

// Brackets of citations: those of text, and wide ones, which some models use.
const (
	openBrackets  = "[［【〔〖⟦"
	closeBrackets = "]］】〕〗⟧"
)

// withoutCitations gives numbers in brackets round ones, whatever the script of
// the digits, and lists and ranges of numbers too.
func withoutCitations(text string) string {
	at := strings.IndexAny(text, openBrackets)
	if at < 0 {
		return text
	}
	var b strings.Builder
	for ; at >= 0; at = strings.IndexAny(text, openBrackets) {
		b.WriteString(text[:at])
		open, size := utf8.DecodeRuneInString(text[at:])
		if inside, end := citation(text[at+size:], open != '['); end > 0 {
			b.WriteString("(" + text[at+size:at+size+inside] + ")")
			size += end
		} else {
			b.WriteString(text[at : at+size])
		}
		text = text[at+size:]
	}
	b.WriteString(text)
	return b.String()
}

// citationMost is how many characters a citation has between its brackets.
const citationMost = 40

// citation returns the bytes of a citation up to the bracket that closes it, and
// with that bracket; 0, 0 where the text is none. After its number, one in wide
// brackets may have letters: 【3†source】.
func citation(text string, wide bool) (inside, end int) {
	number, n := false, 0
	for i, r := range text {
		switch {
		case strings.ContainsRune(closeBrackets, r):
			if !number {
				return 0, 0
			}
			return i, i + utf8.RuneLen(r)
		case unicode.IsNumber(r):
			number = true
		case wide && number, unicode.IsSpace(r), unicode.In(r, unicode.Cf, unicode.Mn, unicode.Me), strings.ContainsRune(",;،؛-–—−~&+/:^#.", r):
		default:
			return 0, 0
		}
		if n++; n > citationMost {
			break
		}
	}
	return 0, 0
}

// lineEnd reports whether r ends a line, apart from "\n".
func lineEnd(r rune) bool {
	return r == '\r' || r == '\v' || r == '\f' || r == '\u0085' || r == '\u2028' || r == '\u2029'
}

// control reports whether r is a control character that no text needs.
func control(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' && !lineEnd(r) }

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
