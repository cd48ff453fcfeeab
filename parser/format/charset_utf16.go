package format

import (
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	textunicode "golang.org/x/text/encoding/unicode"
)

// UTF16WithoutMark returns UTF-16 for bytes that read as text in it, and in no
// other way; nil for all others. Text in UTF-8 holds no zero bytes and hardly any
// control characters; in UTF-16 spaces, line feeds and ASCII letters have a zero
// byte, and letters of other scripts share their high bytes.
func UTF16WithoutMark(body []byte) encoding.Encoding {
	sample := body[:min(len(body), 4096)&^1]
	if len(sample) < 12 || len(body)%2 != 0 {
		return nil
	}
	odd := 0
	for _, b := range sample {
		if b < 0x09 || b > 0x0d && b < 0x20 {
			odd++
		}
	}
	if odd*8 < len(sample) {
		if odd == 0 || utf8.Valid(body) {
			return nil
		}
		return hanUTF16(sample)
	}
	little, big := textLikeness(sample, false), textLikeness(sample, true)
	switch {
	case little <= 0 && big <= 0:
		return hanUTF16(sample)
	case little >= big:
		return textunicode.UTF16(textunicode.LittleEndian, textunicode.IgnoreBOM)
	}
	return textunicode.UTF16(textunicode.BigEndian, textunicode.IgnoreBOM)
}

// hanUTF16 returns UTF-16 for bytes that are Chinese or Japanese in one order of
// bytes and not in the other.
func hanUTF16(sample []byte) encoding.Encoding {
	switch little, big := isHan(sample, false), isHan(sample, true); {
	case little && !big:
		return textunicode.UTF16(textunicode.LittleEndian, textunicode.IgnoreBOM)
	case big && !little:
		return textunicode.UTF16(textunicode.BigEndian, textunicode.IgnoreBOM)
	}
	return nil
}

// isHan reports whether bytes are hardly anything but letters of Chinese, Japanese
// and ASCII, with punctuation or spaces between them.
func isHan(sample []byte, bigEndian bool) bool {
	letters, marks, all := 0, 0, 0
	for i := 0; i+1 < len(sample); i += 2 {
		r := rune(sample[i+1])<<8 | rune(sample[i])
		if bigEndian {
			r = rune(sample[i])<<8 | rune(sample[i+1])
		}
		switch all++; {
		case r >= 0x4e00 && r < 0x9fff, r >= 0x3041 && r < 0x3100, r > ' ' && r < 0x7f:
			letters++
		case r >= 0x3000 && r < 0x3020, r >= 0xff01 && r < 0xff60, r == '\n', r == '\r', r == ' ':
			marks++
		case r < 0x20, r >= 0xd800 && r < 0xf900, r >= 0xfff0:
			return false
		}
	}
	return marks > 0 && letters*10 >= all*7
}

// textLikeness counts the letters and spaces that bytes would be in UTF-16; 0
// where they cannot be text.
func textLikeness(sample []byte, bigEndian bool) int {
	units := make([]uint16, len(sample)/2)
	for i := range units {
		low, high := sample[2*i], sample[2*i+1]
		if bigEndian {
			low, high = high, low
		}
		units[i] = uint16(high)<<8 | uint16(low)
	}
	good, bad, rare := 0, 0, 0
	for _, r := range utf16.Decode(units) {
		switch {
		case r == utf8.RuneError, unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t', !unicode.IsPrint(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r):
			bad++
		case r >= 0x2e80 && r < 0xf900 && !unicode.Is(unicode.Hangul, r) || r > 0xffff: // what any two bytes may make
			rare++
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r), r == ' ', r == '\n', r < 0x80:
			good++
		}
	}
	if bad*50 > len(units) || good < rare || good*2 < len(units) {
		return 0
	}
	return good
}
