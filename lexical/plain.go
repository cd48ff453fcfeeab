package lexical

import "unicode/utf8"

// Most words are plain: basic Latin or Arabic letters with white space around them, or
// marks that no word ever includes and then white space. Normal forms and UAX 29 leave
// such a word whole, whatever is beside it, so it is folded and taken as it is. Everything
// else is read by [scanner.normalise] and [scanner.split], one stretch from white space to
// white space at a time. FuzzPlain compares the two.

// What a byte means to a plain word.
type plainClass uint8

const (
	notPlain plainClass = iota
	blank               // ends a stretch
	letterOrDigit
	opening // may be before a word
	closing // may be after a word
	arabicLead
	punctuationLead // of a mark of two bytes
)

// plainClasses has the class of each byte. Marks that can join or belong to words are
// not plain: apostrophes, hyphens, points before a word, and signs such as those of C++.
var plainClasses = func() (classes [256]plainClass) {
	for c := range classes {
		switch c := byte(c); {
		case c == ' ' || c == '\n' || c == '\t':
			classes[c] = blank
		case alphanumeric(c) || c >= 'A' && c <= 'Z':
			classes[c] = letterOrDigit
		}
	}
	for _, c := range []byte(`("[`) {
		classes[c] = opening
	}
	for _, c := range []byte(`.,:;!?)]`) {
		classes[c] = closing
	}
	classes[0xd8], classes[0xd9] = arabicLead, arabicLead
	classes[0xc2] = punctuationLead
	return classes
}()

// plainArabic are the letters of Arabic, U+0621 to U+064A without tatweel and rare ones,
// folded and in UTF-8, the first byte in the upper half; 0: not a plain letter. The index
// is the distance from U+0600.
var plainArabic = func() (folded [128]uint16) {
	for r := rune(0x621); r <= 0x64a; r++ {
		if r > 0x63a && r < 0x641 {
			continue
		}
		to := r
		if other, ok := arabicFold[r]; ok {
			to = other
		}
		b := utf8.AppendRune(nil, to)
		folded[r-0x600] = uint16(b[0])<<8 | uint16(b[1])
	}
	return folded
}()

// Letters in the form of plainArabic.
const (
	foldedAlif, foldedWaw, hamza = 0xd8a7, 0xd988, 0xd8a1
	yaWithHamza                  = 0x26 // as an index
)

// read reads text[start:end] into words.
func (s *scanner) read(start, end int) {
	text := s.text[:end]
	stretch := -1 // where the text begins that is not plain; -1: there is none
	for at := start; ; {
		for at < end && plainClasses[text[at]] == blank {
			at++
		}
		if at == end {
			break
		}
		w, next := s.plain(text, at)
		switch {
		case next > 0 && stretch >= 0:
			s.readStretch(stretch, at) // with the white space after it
			stretch = -1
		case next == 0 && stretch < 0:
			stretch = max(at-1, start) // a mark may combine with the white space before it
		}
		if next == 0 {
			for next = at; next < end && plainClasses[text[next]] != blank; {
				next++
			}
		} else if w.hi > w.lo {
			w.ordinal = s.ordinal
			s.ordinal++
			s.words = append(s.words, w)
		}
		at = next
	}
	if stretch >= 0 {
		s.readStretch(stretch, end)
	}
}

// readStretch reads text that is not plain.
func (s *scanner) readStretch(start, end int) {
	from := len(s.buf)
	s.normalise(start, end)
	s.split(from)
}

// plain reads the text from at to the next white space, if that is a plain word, with
// marks around it or without, or a dash. It returns 0 if it is something else, and
// otherwise where the text ends.
func (s *scanner) plain(text string, at int) (w word, end int) {
	begin := at
	for at < len(text) {
		if c := plainClasses[text[at]]; c == punctuationLead && at+1 < len(text) && text[at+1] == 0xab { // «
			at++
		} else if c != opening {
			break
		}
		at++
	}
	if at == len(text) {
		return w, 0
	}
	w = word{plain: true, start: at, lo: len(s.letters)}
	switch plainClasses[text[at]] {
	case letterOrDigit:
		at = s.plainLatin(text, at, &w)
	case arabicLead:
		at = s.plainArabic(text, at, &w)
	default:
		if text[begin] == '-' && (begin+1 == len(text) || plainClasses[text[begin+1]] == blank) {
			return w, begin + 1
		}
	}
	w.end, w.hi = at, len(s.letters)
	for at < len(text) {
		switch c := plainClasses[text[at]]; {
		case c == closing || c == opening && text[at] == '"':
			at++
		case c == punctuationLead && at+1 < len(text) && text[at+1] == 0xbb, // »
			c == arabicLead && at+1 < len(text) && text[at] == 0xd8 && (text[at+1] == 0x8c || text[at+1] == 0x9f): // ، ؟
			at += 2
		case c == blank && w.hi > w.lo && w.hi-w.lo <= vocabularyBytes:
			return w, at
		default:
			s.letters = s.letters[:w.lo]
			return w, 0
		}
	}
	if w.hi > w.lo && w.hi-w.lo <= vocabularyBytes {
		return w, at
	}
	s.letters = s.letters[:w.lo]
	return w, 0
}

// plainLatin appends the letters and digits at the beginning of text[at:] to s.letters,
// and returns where they end.
func (s *scanner) plainLatin(text string, at int, w *word) int {
	for ; at < len(text) && plainClasses[text[at]] == letterOrDigit; at++ {
		c := text[at]
		if c >= 'A' {
			w.script = Latin
			if c <= 'Z' {
				w.upper = true
				c += 'a' - 'A'
			}
		}
		s.letters = append(s.letters, c)
	}
	return at
}

// plainArabic does so with Arabic letters. It stops at a hamza that is before an alif,
// which has a second reading in classical spelling.
func (s *scanner) plainArabic(text string, at int, w *word) int {
	w.script = Arabic
	var before uint16
	hamzaYa := false
	for at+1 < len(text) && plainClasses[text[at]] == arabicLead && text[at+1]&0xc0 == 0x80 {
		index := text[at]&1<<6 | text[at+1]&0x3f
		c := plainArabic[index]
		if c == 0 || c == foldedAlif && before == hamza {
			break
		}
		if c == foldedWaw && hamzaYa { // see put
			s.letters[len(s.letters)-2], s.letters[len(s.letters)-1] = foldedWaw>>8, foldedWaw&0xff
		}
		hamzaYa = index == yaWithHamza
		s.letters = append(s.letters, byte(c>>8), byte(c))
		before = c
		at += 2
	}
	return at
}
