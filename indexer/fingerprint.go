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
// feed. The text is written by itself, because most of a document is text, and encoding/json
// takes several times as long.
func contentOf(d corpus.Document) string {
	text := d.Text
	d.Text = ""
	// Maps are marshalled with sorted keys; a Document always marshals.
	rest, err := json.Marshal(d)
	if err != nil {
		panic(err)
	}
	before, after, _ := bytes.Cut(rest, []byte(noText)) // in a string, its quotation marks would be escaped
	held := contents.Get().(*[]byte)
	defer contents.Put(held)
	b := append(append((*held)[:0], before...), noText[:len(noText)-2]...)
	b = append(append(appendJSON(b, text), after...), '\n')
	*held = b
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}

// contents keeps the memory of documents that were hashed.
var contents = sync.Pool{New: func() any { return new([]byte) }}

// noText is what is written of an empty text.
const noText = `,"Text":""`

// appendJSON appends a string as encoding/json writes it.
func appendJSON(b []byte, s string) []byte {
	b = append(b, '"')
	from := 0 // of what is appended as it is
	for at := 0; at < len(s); {
		c := s[at]
		if c < utf8.RuneSelf {
			if escape := escapes[c]; escape != "" {
				b = append(append(b, s[from:at]...), escape...)
				from = at + 1
			}
			at++
			continue
		}
		if c >= 0xc2 && c < 0xe0 && at+1 < len(s) && s[at+1]&0xc0 == 0x80 { // as all of Arabic
			at += 2
			continue
		}
		r, size := utf8.DecodeRuneInString(s[at:])
		if escape := beyond(r, size); escape != "" {
			b = append(append(b, s[from:at]...), escape...)
			from = at + size
		}
		at += size
	}
	return append(append(b, s[from:]...), '"')
}

// escapes are what encoding/json writes of characters of ASCII; "": the character.
var escapes = func() (all [utf8.RuneSelf]string) {
	for c := range all {
		written, err := json.Marshal(string(rune(c)))
		if err != nil {
			panic(err)
		}
		if one := string(written[1 : len(written)-1]); one != string(rune(c)) {
			all[c] = one
		}
	}
	return all
}()

// beyond is what encoding/json writes of a character beyond ASCII, or of a byte that is not
// UTF-8; "": the character.
func beyond(r rune, size int) string {
	switch {
	case r == utf8.RuneError && size == 1:
		return `\ufffd`
	case r == '\u2028':
		return `\u2028`
	case r == '\u2029':
		return `\u2029`
	}
	return ""
}

func revision(fingerprint string) string {
	sum := sha256.Sum256([]byte(fingerprint))
	return hex.EncodeToString(sum[:8])
}
