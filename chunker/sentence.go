package chunker

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"dalil/corpus"
)

// Sentences cuts text into sentences. The spans cover the text without a gap:
// white space and closing quotes between two sentences belong
// to the first.
func Sentences(text string) []corpus.Span {
	return AppendSentences(make([]corpus.Span, 0, 2+len(text)/128), text)
}

// AppendSentences appends what [Sentences] returns.
func AppendSentences(to []corpus.Span, text string) []corpus.Span {
	eachSentence(text, func(s corpus.Span) bool {
		to = append(to, s)
		return true
	})
	return to
}

// eachSentence yields the sentences of text until yield returns false.
func eachSentence(text string, yield func(corpus.Span) bool) {
	s := scanner{text: text}
	for s.skip(); s.at < len(text); s.skip() {
		end, ends := s.step()
		if ends && s.markAt(end) { // a mark stays with the letter before it
			s.at, ends = end, false
		}
		if ends {
			if !yield(corpus.Span{Start: s.start, End: end}) {
				return
			}
			s.start, s.at = end, end
		}
	}
	if s.start < len(text) {
		yield(corpus.Span{Start: s.start, End: len(text)})
	}
}

// scanner reads text once; start is where the current sentence begins.
type scanner struct {
	text      string
	start, at int
}

// halts are the bytes at which [scanner.skip] looks more closely: marks, line ends, the
// first bytes of letters of three and more, and the last bytes of ؛ ؟ ۔.
var halts = func() (set [256]uint8) {
	for _, b := range []byte("\n.!?\x94\x9b\x9f") {
		set[b] = 1
	}
	for b := 0xe0; b < len(set); b++ {
		set[b] = 1
	}
	return set
}()

// skip passes characters after which no sentence ends: nearly all of them.
func (s *scanner) skip() {
	text, at := s.text, s.at
	for {
		for at+4 <= len(text) && halts[text[at]]|halts[text[at+1]]|halts[text[at+2]]|halts[text[at+3]] == 0 {
			at += 4
		}
		for at < len(text) && halts[text[at]] == 0 {
			at++
		}
		if at == len(text) || text[at] < utf8.RuneSelf || text[at] >= 0xe0 {
			break
		}
		if at > s.at {
			if last := text[at-1 : at+1]; last == "؛" || last == "؟" || last == "۔" {
				at--
				break
			}
		}
		at++
	}
	s.at = at
}

// step reads the rune at s.at and moves on. If a sentence ends after it, step
// returns the end.
func (s *scanner) step() (end int, ends bool) {
	r, size := utf8.DecodeRuneInString(s.text[s.at:])
	here := s.at
	s.at += size
	switch {
	case r == '\n':
		if s.wrapped(here) {
			return 0, false
		}
		return s.skipSpace(s.at), true
	case r == '。' || r == '！' || r == '？': // ideographic, without a search for each letter
		for s.at < len(s.text) && strings.ContainsRune(ideographic+closers, s.runeAt(s.at)) {
			s.at += utf8.RuneLen(s.runeAt(s.at))
		}
		return s.skipSpace(s.at), true
	case endsAlways(r):
		return s.ending(s.at)
	case r == '.' || r == '…':
		if s.pointInside(here) {
			return 0, false
		}
		return s.ending(s.at)
	}
	return 0, false
}

// alwaysEnds are marks that end a sentence if white space follows.
const alwaysEnds = "!?؟؛۔‼⁇⁈⁉"

// endsAlways reports whether a mark is one of alwaysEnds.
func endsAlways(r rune) bool {
	switch r {
	case '!', '?', '؟', '؛', '۔', '‼', '⁇', '⁈', '⁉':
		return true
	}
	return false
}

// ideographic marks end a sentence without white space after them.
const ideographic = "。！？"

const closers = "\"'”’»›)]}）】」』"

// runeAt returns the rune at a byte. For an invalid rune and at the end of the text
// it returns utf8.RuneError, which is in no set of marks.
func (s *scanner) runeAt(at int) rune {
	r, _ := utf8.DecodeRuneInString(s.text[at:])
	return r
}

func (s *scanner) markAt(at int) bool { return unicode.IsMark(s.runeAt(at)) }

// ending reads what follows a final mark: more marks, closing quotes and brackets,
// white space. A mark with a letter directly after it does not end a sentence.
func (s *scanner) ending(at int) (int, bool) {
	for at < len(s.text) {
		r, size := utf8.DecodeRuneInString(s.text[at:])
		if !strings.ContainsRune(alwaysEnds+".…"+closers, r) && !unicode.IsMark(r) {
			break
		}
		at += size
	}
	if at == len(s.text) {
		return at, true
	}
	// " ” ": a closing quote set off by a space, as Arabic newspapers do.
	if r, size := utf8.DecodeRuneInString(s.text[at:]); r == ' ' {
		if q, n := utf8.DecodeRuneInString(s.text[at+size:]); strings.ContainsRune("”»", q) {
			at += size + n
			for at < len(s.text) && strings.ContainsRune(".!?؟", s.runeAt(at)) {
				at += utf8.RuneLen(s.runeAt(at))
			}
		}
	}
	if at == len(s.text) {
		return at, true
	}
	r, _ := utf8.DecodeRuneInString(s.text[at:])
	if !unicode.IsSpace(r) {
		// "…الدولي.وقال": a missing space before an Arabic letter.
		if unicode.Is(unicode.Arabic, r) && unicode.IsLetter(r) && s.longWordBefore() {
			s.at = at
			return at, true
		}
		s.at = max(s.at, at)
		return 0, false
	}
	if s.text[s.at-1:at] != "." && s.smallLetterBehind(at) {
		// "Yahoo! and", "“Why?” she asked", "Well... maybe". After a simple point,
		// a small letter does not count, because many people write like that.
		s.at = at
		return 0, false
	}
	return s.skipSpace(at), true
}

// smallLetterBehind reports whether the line continues in small letters.
func (s *scanner) smallLetterBehind(at int) bool {
	for end := at + 8; at < min(end, len(s.text)) && s.text[at] == ' '; at++ {
	}
	return unicode.IsLower(s.runeAt(at))
}

// longWordBefore reports whether three letters come before the marks that the
// scanner has just passed, so the word is not an abbreviation.
func (s *scanner) longWordBefore() bool {
	before := strings.TrimRight(s.text[s.start:s.at], " "+alwaysEnds+".…")
	for range 3 {
		r, size := utf8.DecodeLastRuneInString(before)
		if !unicode.IsLetter(r) {
			return false
		}
		before = before[:len(before)-size]
	}
	return true
}

func (s *scanner) skipSpace(at int) int {
	for at < len(s.text) {
		r, size := utf8.DecodeRuneInString(s.text[at:])
		if !unicode.IsSpace(r) {
			break
		}
		at += size
	}
	return at
}
