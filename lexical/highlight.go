package lexical

import (
	"unicode/utf8"

	"dalil/corpus"
)

// utf16Units is how many code units of UTF-16 a character has, by its first byte; 0: the
// byte is not the first.
var utf16Units = func() (units [256]uint8) {
	for b := range units {
		switch {
		case b >= 0xF0:
			units[b] = 2 // a surrogate pair
		case utf8.RuneStart(byte(b)):
			units[b] = 1
		}
	}
	return units
}()

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
			units += int(utf16Units[text[at]])
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
