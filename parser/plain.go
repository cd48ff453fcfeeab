package parser

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"dalil/corpus"
)

func parsePlain(in *input) (corpus.Document, error) {
	text, err := decode(in)
	if err != nil {
		return corpus.Document{}, err
	}
	text = clean(text)
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

// clean makes text fit to be shown and cut: valid UTF-8, no control
// characters, lines ended by \n without white space before it, at most one
// blank line in a row, nothing at either end. Letters are not touched: offsets
// hold for what the author wrote.
func clean(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n\n", "\f", "\n\n", "\v", "\n").Replace(text)
	var b strings.Builder
	b.Grow(len(text))
	blank := 0
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimRightFunc(strings.Map(visible, line), unicode.IsSpace)
		if line == "" {
			blank++
			continue
		}
		if b.Len() > 0 {
			b.WriteString("\n\n"[:min(blank, 1)+1])
		} else {
			line = strings.TrimLeftFunc(line, unicode.IsSpace)
		}
		blank = 0
		b.WriteString(line)
	}
	return b.String()
}

// visible drops control characters and the byte order mark; the marks that
// order bidirectional text and join letters stay.
func visible(r rune) rune {
	switch {
	case r == '\t':
		return ' '
	case unicode.IsControl(r), r == '\uFEFF', r == '\uFFFE', r == '\uFFFF':
		return -1
	}
	return r
}
