package tokenizer

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// byteLetter writes each byte as a visible letter (GPT-2's table): printable
// ones of Latin 1 as themselves, the others from U+0100 on in order.
func byteLetter(b byte) rune {
	if visibleByte(b) {
		return rune(b)
	}
	n := rune(0x100)
	for c := range b {
		if !visibleByte(c) {
			n++
		}
	}
	return n
}

func visibleByte(b byte) bool {
	return '!' <= b && b <= '~' || 0xa1 <= b && b <= 0xac || b >= 0xae
}

// byteLetterTable holds byteLetter of every byte.
var byteLetterTable = func() (table [256]rune) {
	for b := range table {
		table[b] = byteLetter(byte(b))
	}
	return table
}()

// byteLetters is ByteLevel as a normalizer.
type byteLetters struct{}

func (m byteLetters) appendNormal(dst, src []byte) []byte {
	for _, b := range src {
		dst = utf8.AppendRune(dst, byteLetterTable[b])
	}
	return dst
}

func (m byteLetters) appendLetter(dst []byte, r rune) []byte {
	var b [utf8.UTFMax]byte
	return m.appendNormal(dst, b[:utf8.EncodeRune(b[:], r)])
}

// byteLevel is ByteLevel as a pre-tokenizer: GPT-2's cut into words, then
// bytes as letters.
type byteLevel struct{ prefix, cut bool }

func (p byteLevel) split(out *wordList, word []byte, _ bool, w *wordsSpace) bool {
	w.spare = w.spare[:0]
	if p.prefix && word[0] != ' ' {
		w.spare = append(w.spare, ' ')
	}
	text := append(w.spare, word...)
	w.spare = text
	for len(text) > 0 {
		n := len(text)
		if p.cut {
			n = gpt2Word(text)
		}
		for _, b := range text[:n] {
			out.bytes = utf8.AppendRune(out.bytes, byteLetterTable[b])
		}
		out.end()
		text = text[n:]
	}
	return true
}

var contractions = [][]byte{[]byte("'s"), []byte("'t"), []byte("'re"), []byte("'ve"), []byte("'m"), []byte("'ll"), []byte("'d")}

// gpt2Word is the length of the first match of GPT-2's pattern
// 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
// at the beginning of text, which is not empty; it always matches there.
func gpt2Word(text []byte) int {
	if text[0] == '\'' {
		for _, c := range contractions {
			if bytes.HasPrefix(text, c) {
				return len(c)
			}
		}
	}
	at := 0
	if text[0] == ' ' {
		at = 1
	}
	if run := sameClass(text[at:]); run > 0 {
		return at + run
	}
	last := 0 // length of the last space of the run
	for at = 0; at < len(text); at += last {
		r, n := utf8.DecodeRune(text[at:])
		if !unicode.IsSpace(r) {
			break
		}
		last = n
	}
	if at < len(text) && at > last {
		return at - last // it goes to the word that follows
	}
	return at
}

// sameClass is the length of the run of letters, of digits or of other visible
// signs at the beginning of text; 0: it begins with white space or is empty.
func sameClass(text []byte) int {
	const letter, digit, other = 1, 2, 3
	class, at := 0, 0
	for at < len(text) {
		r, n := utf8.DecodeRune(text[at:])
		c := other
		switch {
		case unicode.IsLetter(r):
			c = letter
		case unicode.IsSpace(r):
			return at
		case isNumeric(r):
			c = digit
		}
		if class == 0 {
			class = c
		}
		if c != class {
			return at
		}
		at += n
	}
	return at
}
