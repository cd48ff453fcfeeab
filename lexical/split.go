package lexical

import (
	"unicode"
	"unicode/utf8"
)

// split cuts the normalised text buf[from:] into words: the segments of UAX 29, cut
// further where the standard joins what a search should find apart (ملاحظة:هذا,
// end.Start, snake_case, COVIDفيروس), and scripts without spaces in overlapping
// pairs of characters.
func (s *scanner) split(from int) {
	s.segments.SetText(s.buf[from:])
	// The run of a script without spaces that is being read: the unit before,
	// and whether it is in a pair already.
	var unitLo, unitHi int
	open, paired := false, true
	flush := func() {
		if open && !paired {
			s.add(unitLo, unitHi, Other)
		}
		open = false
	}
	for s.segments.Next() {
		lo, hi := from+s.segments.Start(), from+s.segments.End()
		if lo < s.skip {
			continue
		}
		c := s.buf[lo]
		if c < utf8.RuneSelf {
			if open {
				flush()
			}
			if alphanumeric(c) {
				s.splitWords(lo, hi)
			} else if hi-lo > 1 {
				s.splitWords(lo, hi)
			}
			continue
		}
		r, _ := utf8.DecodeRune(s.buf[lo:hi])
		if !spaceless(r) {
			flush()
			if unicode.IsLetter(r) || unicode.IsNumber(r) || hi-lo > utf8.RuneLen(r) {
				s.splitWords(lo, hi)
			}
			continue
		}
		if !unicode.IsLetter(r) && !unicode.IsNumber(r) {
			flush()
			continue
		}
		if open && unitHi == lo {
			s.add(unitLo, hi, Other)
			paired = true
		} else {
			flush()
			paired = false
		}
		open, unitLo, unitHi = true, lo, hi
	}
	flush()
}

// spaceless reports scripts that put no spaces between words and that UAX 29
// leaves in single characters.
func spaceless(r rune) bool {
	switch {
	case r < 0xe00:
		return false
	case r <= 0xeff, r >= 0x1000 && r <= 0x109f, r >= 0x1780 && r <= 0x17ff: // Thai, Lao, Myanmar, Khmer
		return true
	case r >= 0x3005 && r <= 0x3007, r >= 0x3041 && r <= 0x309f: // 々〆〇, Hiragana
		return true
	case r >= 0x3400 && r <= 0x9fff, r >= 0xf900 && r <= 0xfaff, r >= 0x20000 && r <= 0x3ffff: // Han
		return true
	}
	return false
}

// What a byte of a segment is, as far as cutting it further goes.
type class uint8

const (
	mark class = iota // anything that is not a letter or digit
	digits
	latinLetter
	arabicLetter
	otherLetter
)

func classAt(b []byte, i int) (class, int) {
	c := b[i]
	switch {
	case c >= '0' && c <= '9':
		return digits, 1
	case c >= 'a' && c <= 'z':
		return latinLetter, 1
	case c < utf8.RuneSelf:
		return mark, 1
	case c >= 0xd8 && c <= 0xdb: // U+0600-U+06FF
		r, _ := utf8.DecodeRune(b[i:])
		if r >= 0x620 && r <= 0x64a || r >= 0x66e && r <= 0x6d3 || r >= 0x6ee && r != 0x6fd && r != 0x6fe {
			return arabicLetter, 2
		}
		return mark, 2
	}
	r, size := utf8.DecodeRune(b[i:])
	switch {
	case r >= 0x250 && r < 0x370 && unicode.IsLetter(r):
		return latinLetter, size
	case unicode.IsLetter(r), unicode.IsNumber(r), unicode.IsMark(r):
		return otherLetter, size
	}
	return mark, size
}

// splitWords splits one segment into words.
func (s *scanner) splitWords(lo, hi int) {
	b := s.buf[:hi]
	if hi = s.acronym(lo, hi); hi < len(b) {
		s.add(lo, hi, Latin)
		return
	}
	for i := lo; i < hi; {
		kind, size := classAt(b, i)
		if kind == mark {
			i += size
			continue
		}
		start := i
		script := Other
		switch kind {
		case arabicLetter:
			script = Arabic
			for i < hi {
				k, n := classAt(b, i)
				if k != arabicLetter {
					break
				}
				i += n
			}
		default:
			// Latin letters, digits and other alphabets stay together: g20,
			// covid19, 5g. An apostrophe holds letters, a point digits.
			for i < hi {
				k, n := classAt(b, i)
				if k == arabicLetter {
					break
				}
				if k == mark {
					if i+1 >= hi || !joins(b[i], b[i-1], b[i+1]) {
						break
					}
				}
				if k == latinLetter {
					script = Latin
				}
				i += n
			}
			if kind == digits && script == Other {
				i = s.number(start, i)
				continue
			}
		}
		if script == Latin {
			start = s.elided(start, i)
			if i == hi {
				if s.joined(start, i) {
					return
				}
				start, i = s.withSigns(start, i)
			}
		}
		s.add(start, i, script)
	}
}

func joins(c, before, after byte) bool {
	switch c {
	case '\'':
		return !digitByte(before) && after >= 'a' && after <= 'z'
	case '.', ',':
		return digitByte(before) && digitByte(after)
	}
	return false
}

// acronym closes up a segment of single Latin letters and points, U.S.A, in
// place and returns its new end; hi where it is none.
func (s *scanner) acronym(lo, hi int) int {
	n := hi - lo
	if n < 3 || n > 15 || s.buf[lo+1] != '.' {
		return hi
	}
	for i := lo; i < hi; i++ {
		c := s.buf[i]
		if (i-lo)%2 == 1 && c != '.' || (i-lo)%2 == 0 && (c < 'a' || c > 'z') {
			return hi
		}
	}
	end := s.to[hi-1]
	to := lo
	for i := lo; i < hi; i += 2 {
		s.buf[to], s.from[to], s.to[to] = s.buf[i], s.from[i], s.to[i]
		to++
	}
	s.to[to-1] = end
	return to
}

// number adds the number in [lo, hi): 1,000,000 is 1000000, 3.5 stays, 1.2.3 and
// 2022.12.05 are several. It returns where it ended.
func (s *scanner) number(lo, hi int) int {
	b := s.buf
	points, grouped := 0, true
	run, first := 0, true
	for i := lo; i <= hi; i++ {
		if i < hi && digitByte(b[i]) {
			run++
			continue
		}
		if i < hi && b[i] == '.' {
			points++
		}
		if points == 0 && (first && run > 3 || !first && run != 3) {
			grouped = false
		}
		if points == 1 && i < hi && b[i] == '.' && !first && run != 3 {
			grouped = false
		}
		if i < hi && b[i] == ',' {
			if points > 0 {
				grouped = false
			}
			first = false
		}
		run = 0
	}
	commas := !first
	if points <= 1 && (!commas || grouped) {
		end, to := s.to[hi-1], lo
		for i := lo; i < hi; i++ {
			if b[i] != ',' {
				b[to], s.from[to], s.to[to] = b[i], s.from[i], s.to[i]
				to++
			}
		}
		s.to[to-1] = end
		s.add(lo, to, Other)
		return hi
	}
	for i := lo; i < hi; {
		start := i
		for i < hi && digitByte(b[i]) {
			i++
		}
		s.add(start, i, Other)
		i++
	}
	return hi
}

// add notes the word buf[lo:hi].
func (s *scanner) add(lo, hi int, script Script) {
	if hi <= lo {
		return
	}
	w := word{start: s.from[lo], end: s.to[hi-1], lo: lo, hi: hi, ordinal: s.ordinal, script: script}
	s.ordinal++
	if hi-lo > MaxWordBytes {
		w.hi = lo + MaxWordBytes
		for !utf8.RuneStart(s.buf[w.hi]) {
			w.hi--
		}
	}
	s.words = append(s.words, w)
}

func digitByte(c byte) bool { return c >= '0' && c <= '9' }

func alphanumeric(c byte) bool { return c >= 'a' && c <= 'z' || digitByte(c) }
