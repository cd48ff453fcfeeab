// Package syntax reads the signs that a question may have: words in quotation marks
// stand together, and a minus before a word leaves out what has it. It is pure and needs
// nothing but the standard library. Start with [Read].
//
//   - Quotation marks are "…", “…”, „…“ and «…». An opening mark has no letter or digit
//     directly before it, a closing one none directly behind it; so 5" is not one, and
//     neither is an apostrophe. A mark without its partner is plain text. Arabic particles
//     of one letter may stand directly before an opening mark: و«الأمم المتحدة».
//   - A minus (- or −) has white space, an opening bracket or nothing before it, and a
//     letter or an opening mark directly behind it. So "covid-19", "2010-2015", "-5
//     degrees" and a dash between spaces are plain text.
package syntax

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Reading is a question that was read.
type Reading struct {
	Text     string   // the question without the marks, and without what is left out
	Phrases  []string // what stands in quotation marks
	Excluded []string // the words and phrases behind a minus
}

// Found reports whether the question has any of the signs.
func (r *Reading) Found() bool { return len(r.Phrases)+len(r.Excluded) > 0 }

// closing has the marks that close each opening one. People type “ and ” in any order.
var closing = map[rune]string{'"': `"`, '“': "”“", '”': "”“", '„': "“”", '«': "»"}

// Read reads a question. A question without signs is returned as it is. The time is
// linear in the text.
func Read(text string) Reading {
	s := reader{text: text}
	for s.at < len(text) {
		switch r, size := utf8.DecodeRuneInString(text[s.at:]); {
		case r == '-' || r == '−':
			s.minus(size)
		case closing[r] != "" && s.opens():
			if phrase, end := s.quoted(s.at); end > 0 {
				s.read.Phrases = append(s.read.Phrases, phrase)
				s.keep(" " + phrase + " ")
				s.at, s.copied = end, end
			} else {
				s.at += size
			}
		default:
			s.at += size
		}
	}
	if !s.read.Found() {
		return Reading{Text: text}
	}
	s.keep("")
	s.read.Text = strings.Join(strings.Fields(s.out.String()), " ")
	return s.read
}

// reader is the state of one reading.
type reader struct {
	text   string
	at     int
	copied int // text before it is in out, or left out
	out    strings.Builder
	read   Reading
	// closed says, for each opening mark, from where on it is known to have no partner.
	closed map[rune]int
}

// keep copies the text up to here, and then more.
func (s *reader) keep(more string) {
	s.out.WriteString(s.text[s.copied:s.at])
	s.out.WriteString(more)
	s.copied = s.at
}

// before is the character before a place; a space at the beginning.
func (s *reader) before(at int) rune {
	if at == 0 {
		return ' '
	}
	r, _ := utf8.DecodeLastRuneInString(s.text[:at])
	return r
}

func (s *reader) behind(at int) rune {
	if at >= len(s.text) {
		return ' '
	}
	r, _ := utf8.DecodeRuneInString(s.text[at:])
	return r
}

func alphanumeric(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)
}

// opens reports whether the mark here may open a phrase.
func (s *reader) opens() bool {
	r := s.before(s.at)
	if !alphanumeric(r) {
		return true
	}
	return strings.ContainsRune("وفبلك", r) && !alphanumeric(s.before(s.at-utf8.RuneLen(r)))
}

// quoted returns the phrase of the opening mark at a place, and where it ends; 0: it has
// no partner.
func (s *reader) quoted(at int) (phrase string, end int) {
	mark, size := utf8.DecodeRuneInString(s.text[at:])
	if from, known := s.closed[mark]; known && at >= from {
		return "", 0
	}
	for i := at + size; i < len(s.text); {
		r, n := utf8.DecodeRuneInString(s.text[i:])
		if strings.ContainsRune(closing[mark], r) && !alphanumeric(s.behind(i+n)) {
			phrase = strings.TrimSpace(s.text[at+size : i])
			if strings.IndexFunc(phrase, alphanumeric) < 0 {
				return "", 0
			}
			return phrase, i + n
		}
		i += n
	}
	if s.closed == nil {
		s.closed = map[rune]int{}
	}
	s.closed[mark] = at
	return "", 0
}

// minus reads a minus of so many bytes.
func (s *reader) minus(size int) {
	start := s.at
	before := s.before(start)
	next := s.behind(start + size)
	s.at += size
	if !unicode.IsSpace(before) && before != '(' && before != '[' {
		return
	}
	var word string
	var end int
	switch {
	case closing[next] != "":
		word, end = s.quoted(s.at)
	case unicode.IsLetter(next):
		word, end = s.word(s.at)
	}
	if end == 0 {
		return
	}
	s.at = start
	s.keep(" ")
	s.read.Excluded = append(s.read.Excluded, word)
	s.at, s.copied = end, end
}

// word returns the word at a place: letters and digits, and signs between them.
func (s *reader) word(at int) (string, int) {
	end := at
	for i := at; i < len(s.text); {
		r, n := utf8.DecodeRuneInString(s.text[i:])
		if unicode.IsSpace(r) || closing[r] != "" || r == '»' {
			break
		}
		i += n
		if alphanumeric(r) {
			end = i
		}
	}
	return s.text[at:end], end
}
