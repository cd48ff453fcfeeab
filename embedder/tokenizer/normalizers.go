package tokenizer

import (
	"bytes"
	"regexp"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// normalizer appends the normal form of src, which is UTF-8, to dst. The two
// do not overlap.
type normalizer interface {
	appendNormal(dst, src []byte) []byte
}

// letterMap is a normalizer that looks at one letter at a time: the normal
// form of a text is the letters' forms, one after another.
type letterMap interface {
	normalizer
	appendLetter(dst []byte, r rune) []byte
}

// mapLetters is appendNormal of every letterMap.
func mapLetters(m letterMap, dst, src []byte) []byte {
	for at := 0; at < len(src); {
		r, n := utf8.DecodeRune(src[at:])
		dst = m.appendLetter(dst, r)
		at += n
	}
	return dst
}

// unicodeForm is NFC, NFD, NFKC or NFKD.
type unicodeForm norm.Form

func (f unicodeForm) appendNormal(dst, src []byte) []byte {
	// Most text is in normal form already and is copied at once.
	n := norm.Form(f).QuickSpan(src)
	if n == len(src) {
		return append(dst, src...)
	}
	return norm.Form(f).Append(dst, src...)
}

type lowercase struct{}

func (m lowercase) appendNormal(dst, src []byte) []byte { return mapLetters(m, dst, src) }

func (lowercase) appendLetter(dst []byte, r rune) []byte {
	if r == 'İ' { // the one letter whose small form is two (SpecialCasing.txt)
		return append(dst, "i\u0307"...)
	}
	return utf8.AppendRune(dst, unicode.ToLower(r))
}

// stripAccents drops all marks; the reference expects NFD or NFKD before it.
type stripAccents struct{}

func (m stripAccents) appendNormal(dst, src []byte) []byte { return mapLetters(m, dst, src) }

func (stripAccents) appendLetter(dst []byte, r rune) []byte {
	if unicode.Is(unicode.M, r) {
		return dst
	}
	return utf8.AppendRune(dst, r)
}

// replaceLetters writes content for each letter of a set.
type replaceLetters struct {
	set     func(rune) bool
	content string
}

func (m replaceLetters) appendNormal(dst, src []byte) []byte { return mapLetters(m, dst, src) }

func (m replaceLetters) appendLetter(dst []byte, r rune) []byte {
	if m.set(r) {
		return append(dst, m.content...)
	}
	return utf8.AppendRune(dst, r)
}

type replaceString struct{ pattern, content string }

func (m replaceString) appendNormal(dst, src []byte) []byte {
	for {
		i := bytes.Index(src, []byte(m.pattern))
		if i < 0 {
			return append(dst, src...)
		}
		dst = append(append(dst, src[:i]...), m.content...)
		src = src[i+len(m.pattern):]
	}
}

// replaceRegexp never matches an empty stretch; see translatePattern.
type replaceRegexp struct {
	pattern *regexp.Regexp
	content string
}

func (m replaceRegexp) appendNormal(dst, src []byte) []byte {
	last := 0
	for _, at := range m.pattern.FindAllIndex(src, -1) {
		dst = append(append(dst, src[last:at[0]]...), m.content...)
		last = at[1]
	}
	return append(dst, src[last:]...)
}

type prepend struct{ text string }

func (m prepend) appendNormal(dst, src []byte) []byte {
	if len(src) == 0 {
		return dst
	}
	return append(append(dst, m.text...), src...)
}

type strip struct{ left, right bool }

func (m strip) appendNormal(dst, src []byte) []byte {
	if m.left {
		src = bytes.TrimLeftFunc(src, unicode.IsSpace)
	}
	if m.right {
		src = bytes.TrimRightFunc(src, unicode.IsSpace)
	}
	return append(dst, src...)
}

// nmt is the clean-up of SentencePiece's nmt rules: controls go, odd spaces
// become plain ones.
type nmt struct{}

func (m nmt) appendNormal(dst, src []byte) []byte { return mapLetters(m, dst, src) }

func (nmt) appendLetter(dst []byte, r rune) []byte {
	switch {
	case 0x01 <= r && r <= 0x08, r == 0x0b, 0x0e <= r && r <= 0x1f, r == 0x7f, r == 0x8f, r == 0x9f:
		return dst
	case r == '\t', r == '\n', r == '\f', r == '\r', r == 0x1680, 0x200b <= r && r <= 0x200f,
		r == 0x2028, r == 0x2029, r == 0x2581, r == 0xfeff, r == 0xfffd:
		return append(dst, ' ')
	}
	return utf8.AppendRune(dst, r)
}
