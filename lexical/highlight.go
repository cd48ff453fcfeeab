package lexical

import (
	"unicode/utf8"

	"dalil/corpus"
)

// highlights converts ascending spans of a text to both units. A span that begins
// inside the previous one is left out.
func highlights(text string, spans []corpus.Span) []corpus.Highlight {
	if len(spans) == 0 {
		return nil
	}
	found := make([]corpus.Highlight, 0, len(spans))
	at, units := 0, 0
	advance := func(to int) int {
		for ; at < to; at++ {
			if b := text[at]; utf8.RuneStart(b) {
				units++
				if b >= 0xF0 {
					units++ // a surrogate pair
				}
			}
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
