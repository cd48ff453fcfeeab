package format

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// pages are the code pages that UTF-8 is wrongly read in, the commonest first.
var pages = sync.OnceValue(func() []*page {
	return []*page{newPage(charmap.Windows1252), newPage(charmap.Windows1256), newPage(charmap.Windows1251)}
})

// page is a code page with its bytes in a table.
type page struct {
	*charmap.Charmap
	bytes [0x2200]uint16 // of each character: 0x100 + its byte; 0: it has none
}

func newPage(of *charmap.Charmap) *page {
	p := &page{Charmap: of}
	for r := range rune(len(p.bytes)) {
		if c, ok := of.EncodeRune(r); ok {
			p.bytes[r] = 0x100 | uint16(c)
		} else if r >= 0x80 && r < 0xa0 { // a number that the page does not define is the control character of that number
			p.bytes[r] = 0x100 | uint16(r)
		}
	}
	return p
}

// byteOf is the byte of a character in the code page.
func (p *page) byteOf(r rune) (byte, bool) {
	if int(r) < len(p.bytes) {
		return byte(p.bytes[r]), p.bytes[r] != 0
	}
	return p.EncodeRune(r)
}

// Repaired undoes a decoding too much: UTF-8 that was read as a code page, so that
// "ال" became "Ø§Ù„". It is certain where every character beyond ASCII is part of
// such a sequence, and there are two at least. Where only some are, the text stays
// and a warning says so.
func (in *Input) Repaired(text string) string {
	if isASCII(text) {
		return text
	}
	most, share := 0, 0.0
	for _, page := range pages() {
		fixed, sequences, left := undo(text, page)
		if sequences >= 2 && left == 0 {
			in.Warn("text that had been decoded twice (UTF-8 read as %v) was repaired", page.Charmap)
			return fixed
		}
		if s := float64(sequences) / float64(sequences+left+1); sequences > most {
			most, share = sequences, s
		}
	}
	if most >= 3 && share > 0.3 {
		in.Warn("some of the text seems to have been decoded twice; it was not changed")
	}
	return text
}

// isASCII reports whether a text has no character beyond ASCII.
func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// undo replaces the sequences of a page's characters that are UTF-8 when they are
// turned into bytes again. left counts characters beyond ASCII that are not.
func undo(text string, page *page) (fixed string, sequences, left int) {
	var b strings.Builder
	copied := 0 // of text, with its sequences, in b
	for at := 0; at < len(text); {
		if text[at] < utf8.RuneSelf {
			at++
			continue
		}
		r, size := rune(0), 2
		if c := text[at]; c >= 0xc2 && c < 0xe0 && at+1 < len(text) && text[at+1]&0xc0 == 0x80 { // as all of Arabic
			r = rune(c&0x1f)<<6 | rune(text[at+1]&0x3f)
		} else {
			r, size = utf8.DecodeRuneInString(text[at:])
		}
		if !page.begins(r) || !page.continues(text[at+size:]) {
			at += size
			if r != '\uFEFF' {
				left++
			}
			if left > 64 && sequences*2 < left {
				return text, sequences, left // no such text
			}
			continue
		}
		var raw [utf8.UTFMax]byte
		n, end := 0, at
		for n < len(raw) && end < len(text) {
			r, size := utf8.DecodeRuneInString(text[end:])
			c, ok := page.byteOf(r)
			if !ok || r < utf8.RuneSelf {
				break
			}
			raw[n] = c
			n, end = n+1, end+size
		}
		r, size = utf8.DecodeRune(raw[:n])
		if size > 1 && plausible(r) {
			b.WriteString(text[copied:at])
			b.WriteRune(r)
			sequences++
			for range size {
				_, width := utf8.DecodeRuneInString(text[at:])
				at += width
			}
			copied = at
			continue
		}
		r, size = utf8.DecodeRuneInString(text[at:])
		at += size
		if r != '\uFEFF' {
			left++
		}
		if left > 64 && sequences*2 < left {
			return text, sequences, left // no such text
		}
	}
	if sequences == 0 {
		return text, 0, left
	}
	b.WriteString(text[copied:])
	return b.String(), sequences, left
}

// begins reports whether the byte of a character can begin a sequence of UTF-8.
func (p *page) begins(r rune) bool {
	c, ok := p.byteOf(r)
	return ok && c >= 0xc2 && c <= 0xf4
}

// continues reports whether the byte of a text's first character can continue a sequence of
// UTF-8. Most sequences of other texts end here.
func (p *page) continues(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	c, ok := p.byteOf(r)
	return ok && c >= 0x80 && c < 0xc0
}

// plausible reports whether a character is one that texts are made of.
func plausible(r rune) bool {
	switch {
	case r >= 0xa0 && r < 0x180, r >= 0x2010 && r <= 0x203a, r == 0x20ac, r == 0x2122, r == 0xfeff, r >= 0x200b && r <= 0x200f, r >= 0x0600 && r < 0x0700, r >= 0x3000 && r < 0x3040, r >= 0xff00 && r < 0xfff0:
		return true
	case r > 0xffff:
		return unicode.Is(unicode.So, r) // emoji
	}
	return unicode.In(r, unicode.Arabic, unicode.Cyrillic, unicode.Greek, unicode.Hebrew, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul,
		unicode.Devanagari, unicode.Bengali, unicode.Thai, unicode.Georgian, unicode.Armenian, unicode.Ethiopic)
}
