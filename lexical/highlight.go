package lexical

import (
	"unicode/utf8"

	"dalil/corpus"
)

// Highlights returns the words of text whose terms match, in reading order, in
// bytes and in UTF-16 code units. It is linear in len(text).
func (a *Analyzer) Highlights(text string, match func(Term) bool) []corpus.Highlight {
	var found []corpus.Highlight
	at, units := 0, 0
	advance := func(to int) int {
		for at < to {
			r, size := utf8.DecodeRuneInString(text[at:])
			units++
			if r > 0xFFFF {
				units++ // a surrogate pair
			}
			at += size
		}
		return units
	}
	for _, term := range a.Terms(text) {
		if !match(term) || term.Span.Start < at {
			continue
		}
		h := corpus.Highlight{Start: term.Span.Start, End: term.Span.End}
		h.UTF16Start = advance(h.Start)
		h.UTF16End = advance(h.End)
		found = append(found, h)
	}
	return found
}
