package lexical

import (
	"unicode/utf8"

	"dalil/corpus"
)

// highlights converts ascending spans of a text to both units. A span that begins
// inside the previous one is left out.
func highlights(text string, spans []corpus.Span) []corpus.Highlight {
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
	for _, span := range spans {
		if span.Start < at {
			continue
		}
		h := corpus.Highlight{Start: span.Start, End: span.End}
		h.UTF16Start = advance(h.Start)
		h.UTF16End = advance(h.End)
		found = append(found, h)
	}
	return found
}
