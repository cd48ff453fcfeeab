package indexer

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"sync"
	"unicode/utf8"

	"dalil/corpus"
)

// contentOf hashes text and metadata: the document as encoding/json writes it, and a line
// feed. Most of that is the text, which is written without the help of that package.
func contentOf(d corpus.Document) string {
	text := d.Text
	d.Text = ""
	// Maps are marshalled with sorted keys; a Document always marshals.
	rest, err := json.Marshal(d)
	if err != nil {
		panic(err)
	}
	at := bytes.Index(rest, []byte(noText)) + len(noText) - 1 // in a string, its quotation marks would be escaped
	held := contents.Get().(*[]byte)
	defer contents.Put(held)
	b := append((*held)[:0], rest[:at-1]...)
	b = appendString(b, text)
	b = append(append(b, rest[at+1:]...), '\n')
	*held = b
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}

// noText is what is written of an empty text.
const noText = `,"Text":""`

// contents keeps the memory of written documents.
var contents = sync.Pool{New: func() any { return new([]byte) }}

// unescaped are the characters that encoding/json writes as they are.
var unescaped = func() (plain [utf8.RuneSelf]bool) {
	for c := range plain {
		plain[c] = c >= ' ' && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&'
	}
	return plain
}()

// appendString appends a string as encoding/json writes it.
func appendString(b []byte, s string) []byte {
	const digits = "0123456789abcdef"
	b = append(b, '"')
	start := 0
	for at := 0; at < len(s); {
		c := s[at]
		if c < utf8.RuneSelf && unescaped[c] {
			at++
			continue
		}
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[at:])
			switch {
			case r == utf8.RuneError && size == 1:
				b = append(append(b, s[start:at]...), `\ufffd`...)
			case r == '\u2028' || r == '\u2029':
				b = append(append(b, s[start:at]...), `\u202`...)
				b = append(b, digits[r&0xf])
			default:
				at += size
				continue
			}
			at += size
			start = at
			continue
		}
		b = append(append(b, s[start:at]...), '\\')
		switch c {
		case '"', '\\':
			b = append(b, c)
		case '\b':
			b = append(b, 'b')
		case '\f':
			b = append(b, 'f')
		case '\n':
			b = append(b, 'n')
		case '\r':
			b = append(b, 'r')
		case '\t':
			b = append(b, 't')
		default:
			b = append(b, 'u', '0', '0', digits[c>>4], digits[c&0xf])
		}
		at++
		start = at
	}
	return append(append(b, s[start:]...), '"')
}

func revision(fingerprint string) string {
	sum := sha256.Sum256([]byte(fingerprint))
	return hex.EncodeToString(sum[:8])
}
