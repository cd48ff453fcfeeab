package format

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	textunicode "golang.org/x/text/encoding/unicode"
)

// guess chooses between the code pages of Arabic, western, Cyrillic, Hebrew and
// Greek texts, by the letters that the bytes would be. Mostly whole UTF-8 stays
// UTF-8.
func guess(body []byte) encoding.Encoding {
	sample := body[:min(len(body), 1<<16)]
	if broken := bytes.Count(bytes.ToValidUTF8(sample, []byte("\uFFFD")), []byte("\uFFFD")); broken*50 < len(sample) && validRunes(sample) > 4*broken {
		return textunicode.UTF8
	}
	if e := guessEastAsian(sample, len(sample) < len(body)); e != nil {
		return e
	}
	best, most := encoding.Encoding(charmap.Windows1252), plausibility(sample, charmap.Windows1252)
	for _, e := range []encoding.Encoding{charmap.Windows1256, charmap.ISO8859_6, charmap.Windows1251, charmap.KOI8R, charmap.Windows1255, charmap.Windows1253} {
		if p := plausibility(sample, e); p > most {
			best, most = e, p
		}
	}
	return best
}

// validRunes counts the multi-byte sequences that are whole.
func validRunes(b []byte) int {
	n := 0
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		if r != utf8.RuneError && size > 1 {
			n++
		}
		b = b[size:]
	}
	return n
}

// frequent are the commonest letters of scripts, about 80 % of any text, by the
// code page that has them.
var frequent = map[encoding.Encoding]string{
	charmap.Windows1256: "اليمونرتبعدهسفكقحجأة", charmap.ISO8859_6: "اليمونرتبعدهسفكقحجأة",
	charmap.Windows1251: "оеаинтсрвлкмдпуяыьгз", charmap.KOI8R: "оеаинтсрвлкмдпуяыьгз",
	charmap.Windows1255: "יהולאמרתבשנדקעפח", charmap.Windows1253: "αοιετσνηυρπκμλςήίά",
}

// plausibility is how much the bytes read like text: frequent letters of the
// page's script beside its letters, accented Latin beside ASCII letters, no
// controls, no capital behind a small letter.
func plausibility(sample []byte, e encoding.Encoding) int {
	text, err := e.NewDecoder().Bytes(sample)
	if err != nil {
		return 0
	}
	often := frequent[e]
	score := 0
	var before rune
	for _, r := range string(text) {
		switch {
		case r == utf8.RuneError || r >= 0x80 && unicode.IsControl(r):
			score -= 4
		case r < 0x80:
		case unicode.Is(unicode.Latin, r):
			if before < 0x80 && unicode.IsLetter(before) {
				score++
			} else {
				score--
			}
		case !unicode.IsLetter(r) || often == "":
		case unicode.IsLower(before) && unicode.IsUpper(r), before < 0x80 && unicode.IsLetter(before):
			score -= 2
		case strings.ContainsRune(often, r) && (before >= 0x80 && unicode.IsLetter(before) || before < 0x80 && !unicode.IsLetter(before)):
			score += 2
		case unicode.IsUpper(r):
		default:
			score++
		}
		before = r
	}
	return score
}
