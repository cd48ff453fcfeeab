package parser

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	textunicode "golang.org/x/text/encoding/unicode"

	"dalil/corpus"
)

// decode turns bytes into UTF-8. A byte order mark wins over what was
// declared, that over a guess: valid UTF-8 is taken as such, other bytes by
// which code page makes words of them.
func decode(in *input) (string, error) {
	body, declared := in.body, in.charset
	if e := byteOrderMark(body); e != nil {
		return transform(body, e, "the byte order mark")
	}
	if declared != "" {
		if isUTF8(declared) {
			return string(body), nil
		}
		e, name := charset.Lookup(declared)
		if e == nil {
			return "", corpus.Invalid("media_type", fmt.Sprintf("charset %q is not known", declared))
		}
		if utf8.Valid(body) && hasHighBytes(body) {
			return string(body), nil // a wrong declaration: legacy text is hardly ever valid UTF-8
		}
		return transform(body, e, name)
	}
	if utf8.Valid(body) {
		return string(body), nil
	}
	e := guess(body)
	in.warn("the charset is not declared; it was guessed to be %v", e)
	return transform(body, e, "a guess")
}

func isUTF8(name string) bool {
	return strings.EqualFold(name, "utf-8") || strings.EqualFold(name, "utf8")
}

func hasHighBytes(body []byte) bool {
	return bytes.ContainsFunc(body, func(r rune) bool { return r >= utf8.RuneSelf })
}

func transform(body []byte, e encoding.Encoding, source string) (string, error) {
	out, err := e.NewDecoder().Bytes(body)
	if err != nil {
		return "", corpus.Invalid("body", fmt.Sprintf("can't be read in the charset that %s says: %v", source, err))
	}
	return string(out), nil
}

func byteOrderMark(body []byte) encoding.Encoding {
	switch {
	case bytes.HasPrefix(body, []byte{0xEF, 0xBB, 0xBF}):
		return textunicode.UTF8BOM
	case bytes.HasPrefix(body, []byte{0xFF, 0xFE}):
		return textunicode.UTF16(textunicode.LittleEndian, textunicode.UseBOM)
	case bytes.HasPrefix(body, []byte{0xFE, 0xFF}):
		return textunicode.UTF16(textunicode.BigEndian, textunicode.UseBOM)
	}
	return nil
}

// guess chooses between the code pages that Arabic and western texts come in,
// by the letters that the bytes would be. Mostly broken UTF-8 stays UTF-8.
func guess(body []byte) encoding.Encoding {
	sample := body[:min(len(body), 1<<16)]
	if broken := bytes.Count(bytes.ToValidUTF8(sample, []byte("\uFFFD")), []byte("\uFFFD")); broken*50 < len(sample) && validRunes(sample) > 4*broken {
		return textunicode.UTF8
	}
	best, most := encoding.Encoding(charmap.Windows1252), plausibility(sample, charmap.Windows1252)
	for _, e := range []encoding.Encoding{charmap.Windows1256, charmap.ISO8859_6} {
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

// frequent are the commonest Arabic letters, about 80 % of any text.
const frequent = "اليمونرتبعدهسفكقحجأة"

// plausibility is how much the bytes read like text: frequent Arabic letters
// beside Arabic letters, accented Latin beside ASCII letters, no controls.
func plausibility(sample []byte, e encoding.Encoding) int {
	text, err := e.NewDecoder().Bytes(sample)
	if err != nil {
		return 0
	}
	score := 0
	var before rune
	for _, r := range string(text) {
		switch {
		case r == utf8.RuneError || r >= 0x80 && unicode.IsControl(r):
			score -= 4
		case strings.ContainsRune(frequent, r) && (unicode.Is(unicode.Arabic, before) || before == ' '):
			score += 2
		case unicode.Is(unicode.Arabic, r) && unicode.IsLetter(r):
			score++
		case r >= 0x80 && unicode.Is(unicode.Latin, r):
			if before < 0x80 && unicode.IsLetter(before) {
				score++
			} else {
				score--
			}
		}
		before = r
	}
	return score
}
