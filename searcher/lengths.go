package searcher

import (
	"encoding/binary"
	"unicode/utf8"

	"dalil/chunker"
	"dalil/corpus"
)

// appendLengths appends the lengths of a text's sentences in bytes, each as a uvarint. They are a
// part of a profile, because to find the sentences again takes longer than to read them.
func appendLengths(to []byte, text string) []byte {
	for _, s := range chunker.Sentences(text) {
		to = binary.AppendUvarint(to, uint64(s.Len()))
	}
	return to
}

// appendSentences appends the sentences of a text, which have these lengths. If the lengths are
// those of another text, it finds the sentences itself.
func appendSentences(to []corpus.Span, text string, lengths []byte) []corpus.Span {
	from, at := len(to), 0
	for len(lengths) > 0 {
		n, size := binary.Uvarint(lengths)
		if size <= 0 || n == 0 || n > uint64(len(text)-at) {
			return chunker.AppendSentences(to[:from], text)
		}
		end := at + int(n)
		if end < len(text) && !utf8.RuneStart(text[end]) {
			return chunker.AppendSentences(to[:from], text)
		}
		to, at, lengths = append(to, corpus.Span{Start: at, End: end}), end, lengths[size:]
	}
	if at < len(text) {
		return chunker.AppendSentences(to[:from], text)
	}
	return to
}
