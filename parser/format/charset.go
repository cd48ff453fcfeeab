package format

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	textunicode "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"

	"dalil/corpus"
)

// Decode turns the body into UTF-8. A byte order mark wins over what the media
// type declares, that over what the text declares of itself, that over a guess:
// valid UTF-8 is taken as such, UTF-16 is known by its zero bytes, other bytes by
// which code page makes words of them.
func Decode(in *Input) (string, error) {
	text, err := DecodeUnrepaired(in)
	if err != nil {
		return "", err
	}
	return in.Repaired(text), nil
}

// DecodeUnrepaired is [Decode] without [Input.Repaired], for a format whose fields
// are repaired one by one.
func DecodeUnrepaired(in *Input) (string, error) {
	body := in.Body
	if e := ByteOrderMark(body); e != nil {
		return transform(body, e, "the byte order mark")
	}
	if e := UTF16WithoutMark(body); e != nil {
		in.Warn("the charset is not declared; the text was read as UTF-16")
		return transform(body, e, "its zero bytes")
	}
	declared, certain := in.Charset, true
	if declared == "" {
		declared, certain = in.Declared, false
	}
	if declared == "" {
		if in.Valid = utf8.Valid(body); in.Valid {
			return string(body), nil
		}
		e := guess(body)
		in.Warn("the charset is not declared; it was guessed to be %v", e)
		return in.transform(body, e, "a guess")
	}
	if isUTF8(declared) {
		return in.lossy(body)
	}
	e, name := charset.Lookup(declared)
	switch {
	case e == nil && certain:
		return "", corpus.Invalid("media_type", fmt.Sprintf("charset %q is unknown", declared))
	case utf8.Valid(body):
		if hasHighBytes(body) { // a wrong declaration: legacy text is hardly ever valid UTF-8
			in.Warn("the charset is declared as %.40q, but the text is UTF-8 and was read as such", declared)
		}
		return string(body), nil
	case e == nil:
		e = guess(body)
		in.Warn("the declared charset %.40q is unknown; it was guessed to be %v", declared, e)
		return in.transform(body, e, "a guess")
	}
	return in.transform(body, e, name)
}

// lossy reads what is declared as UTF-8. Where hardly any of it is, the
// declaration is taken for wrong; single broken bytes are replaced.
func (in *Input) lossy(body []byte) (string, error) {
	if utf8.Valid(body) {
		return string(body), nil
	}
	broken := brokenBytes(body)
	if broken >= 8 && validRunes(body) < broken/4 {
		if e := guess(body); e != textunicode.UTF8 {
			in.Warn("the charset is declared as UTF-8, but the text is not UTF-8; it was guessed to be %v", e)
			return in.transform(body, e, "a guess")
		}
	}
	in.Warn("%d bytes that are not UTF-8 were replaced", broken)
	return string(body), nil
}

func brokenBytes(b []byte) int {
	n := 0
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		if r == utf8.RuneError && size == 1 {
			n++
		}
		b = b[size:]
	}
	return n
}

func isUTF8(name string) bool {
	return strings.EqualFold(name, "utf-8") || strings.EqualFold(name, "utf8")
}

func hasHighBytes(body []byte) bool {
	return bytes.ContainsFunc(body, func(r rune) bool { return r >= utf8.RuneSelf })
}

// transform decodes and warns where bytes had no meaning.
func (in *Input) transform(body []byte, e encoding.Encoding, source string) (string, error) {
	text, err := transform(body, e, source)
	if n := strings.Count(text, "\uFFFD"); n > 0 {
		in.Warn("%d sequences of bytes that are not valid in the charset were replaced", n)
	}
	return text, err
}

func transform(body []byte, e encoding.Encoding, source string) (string, error) {
	out, err := e.NewDecoder().Bytes(body)
	if err != nil {
		return "", corpus.Invalid("body", fmt.Sprintf("cannot be read in the charset of %s", source))
	}
	return string(out), nil
}

// ByteOrderMark returns the encoding that the first bytes declare; nil: none.
func ByteOrderMark(body []byte) encoding.Encoding {
	switch {
	case bytes.HasPrefix(body, []byte{0xEF, 0xBB, 0xBF}):
		return textunicode.UTF8BOM
	case bytes.HasPrefix(body, []byte{0xFF, 0xFE, 0, 0}):
		return utf32.UTF32(utf32.LittleEndian, utf32.UseBOM)
	case bytes.HasPrefix(body, []byte{0, 0, 0xFE, 0xFF}):
		return utf32.UTF32(utf32.BigEndian, utf32.UseBOM)
	case bytes.HasPrefix(body, []byte{0xFF, 0xFE}):
		return textunicode.UTF16(textunicode.LittleEndian, textunicode.UseBOM)
	case bytes.HasPrefix(body, []byte{0xFE, 0xFF}):
		return textunicode.UTF16(textunicode.BigEndian, textunicode.UseBOM)
	}
	return nil
}

// DecodingReader decodes a stream whose charset its first bytes show; other
// streams are returned as they are. charset is what to call it, for a warning; ""
// where it was not guessed.
func DecodingReader(r io.Reader, head []byte) (_ io.Reader, guessed string) {
	if e := ByteOrderMark(head); e != nil {
		return e.NewDecoder().Reader(r), ""
	}
	if e := UTF16WithoutMark(head); e != nil {
		return e.NewDecoder().Reader(r), "UTF-16"
	}
	whole := head
	for cut := 0; cut < utf8.UTFMax-1 && len(whole) > 0 && !utf8.Valid(whole); cut++ {
		whole = whole[:len(whole)-1] // the last rune may be cut off
	}
	if utf8.Valid(whole) {
		return r, ""
	}
	if e := guess(head); e != textunicode.UTF8 {
		return e.NewDecoder().Reader(r), fmt.Sprint(e)
	}
	return r, ""
}
