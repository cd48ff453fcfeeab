// Package plain reads text without markup. Start with [Read].
package plain

import (
	"strings"
	"unicode/utf8"

	"dalil/corpus"
	"dalil/parser/format"
)

// Read reads text without markup.
func Read(in *format.Input) (corpus.Document, error) {
	text, err := format.Decode(in)
	if err != nil {
		return corpus.Document{}, err
	}
	text = format.Clean(text)
	return corpus.Document{Title: firstLineTitle(text), Text: text}, nil
}

// maxTitle is the longest first line, in runes, that is a title.
const maxTitle = 120

// firstLineTitle is the first line when it is short, ends no sentence, and a
// blank line sets it off. The line stays in the text: spans and citations hold
// for what the reader sees in the file.
func firstLineTitle(text string) string {
	first, rest, more := strings.Cut(text, "\n")
	first = strings.TrimSpace(first)
	if !more || first == "" || !strings.HasPrefix(rest, "\n") || utf8.RuneCountInString(first) > maxTitle {
		return ""
	}
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(first, "\"'”’»)"))
	if strings.ContainsRune(".!?؟،,;؛:…", last) {
		return ""
	}
	return first
}
