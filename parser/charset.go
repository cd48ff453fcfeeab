package parser

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	textunicode "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"

	"dalil/corpus"
)

// decode turns the body into UTF-8. A byte order mark wins over what the media
// type declares, that over what the text declares of itself, that over a guess:
// valid UTF-8 is taken as such, UTF-16 is known by its zero bytes, other bytes by
// which code page makes words of them.
func decode(in *input) (string, error) {
	text, err := decoded(in)
	if err != nil {
		return "", err
	}
	return in.repaired(text), nil
}

func decoded(in *input) (string, error) {
	body := in.body
	if e := byteOrderMark(body); e != nil {
		return transform(body, e, "the byte order mark")
	}
	if e := utf16WithoutMark(body); e != nil {
		in.warn("the charset is not declared; the text was read as UTF-16")
		return transform(body, e, "its zero bytes")
	}
	declared, certain := in.charset, true
	if declared == "" {
		declared, certain = in.own, false
	}
	if declared == "" {
		if utf8.Valid(body) {
			return string(body), nil
		}
		e := guess(body)
		in.warn("the charset is not declared; it was guessed to be %v", e)
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
			in.warn("the charset is declared as %.40q, but the text is UTF-8 and was read as such", declared)
		}
		return string(body), nil
	case e == nil:
		e = guess(body)
		in.warn("the declared charset %.40q is not known; it was guessed to be %v", declared, e)
		return in.transform(body, e, "a guess")
	}
	return in.transform(body, e, name)
}

// lossy reads what is declared as UTF-8. Where hardly any of it is, the
// declaration is taken for wrong; single broken bytes are replaced.
func (in *input) lossy(body []byte) (string, error) {
	if utf8.Valid(body) {
		return string(body), nil
	}
	broken := brokenBytes(body)
	if broken >= 8 && validRunes(body) < broken/4 {
		if e := guess(body); e != textunicode.UTF8 {
			in.warn("the charset is declared as UTF-8, which the text is not; it was guessed to be %v", e)
			return in.transform(body, e, "a guess")
		}
	}
	in.warn("%d bytes that are not UTF-8 were replaced", broken)
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
func (in *input) transform(body []byte, e encoding.Encoding, source string) (string, error) {
	text, err := transform(body, e, source)
	if n := strings.Count(text, "\uFFFD"); n > 0 {
		in.warn("%d sequences of bytes that mean nothing in the charset were replaced", n)
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

func byteOrderMark(body []byte) encoding.Encoding {
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

// maxPrescan is how far into a page its own charset is looked for.
const maxPrescan = 1 << 20

// xmlEncoding is the declaration that XHTML may begin with.
var xmlEncoding = regexp.MustCompile(`^\s*<\?xml[^>]*\sencoding\s*=\s*["\']([^"\']+)["\']`)

// decodeHTML decodes a page, which may declare its charset in a meta element (HTML
// standard §13.2.3.2; here it may also come after byte 1,024) or an XML
// declaration.
func decodeHTML(in *input) (string, error) {
	if in.charset == "" && byteOrderMark(in.body) == nil {
		in.own = pageCharset(in.body[:min(len(in.body), maxPrescan)])
	}
	return decode(in)
}

func pageCharset(body []byte) string {
	if m := xmlEncoding.FindSubmatch(body[:min(len(body), 1024)]); m != nil {
		return string(m[1])
	}
	z := html.NewTokenizer(bytes.NewReader(body))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return ""
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			if string(name) != "meta" {
				continue
			}
			var direct, equivalent, content string
			for more {
				var key, value []byte
				key, value, more = z.TagAttr()
				switch string(key) {
				case "charset":
					direct = string(value)
				case "http-equiv":
					equivalent = string(value)
				case "content":
					content = string(value)
				}
			}
			if direct == "" && strings.EqualFold(strings.TrimSpace(equivalent), "content-type") {
				direct = charsetOf(content)
			}
			if direct = strings.TrimSpace(direct); direct != "" {
				if strings.HasPrefix(strings.ToLower(direct), "utf-16") {
					return "utf-8" // it was read byte by byte up to here
				}
				return direct
			}
		}
	}
}

// charsetOf is the parameter of a media type that may be written carelessly.
func charsetOf(content string) string {
	if _, parameters, err := mime.ParseMediaType(content); err == nil && parameters["charset"] != "" {
		return parameters["charset"]
	}
	_, after, found := strings.Cut(strings.ToLower(content), "charset")
	after, equals := strings.CutPrefix(strings.TrimSpace(after), "=")
	if !found || !equals {
		return ""
	}
	after = strings.Trim(strings.TrimSpace(after), `"\'`)
	end := strings.IndexAny(after, " ;,\"'")
	if end < 0 {
		end = len(after)
	}
	return after[:end]
}

// decodingReader decodes a stream whose charset its first bytes show; other
// streams are returned as they are. charset is what to call it, for a warning; ""
// where it was not guessed.
func decodingReader(r io.Reader, head []byte) (_ io.Reader, guessed string) {
	if e := byteOrderMark(head); e != nil {
		return e.NewDecoder().Reader(r), ""
	}
	if e := utf16WithoutMark(head); e != nil {
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
