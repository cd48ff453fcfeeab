package chunker

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"dalil/corpus"
)

// levels are where an endless sentence may be cut, the best first; behind them
// come white space and, for one endless word, any rune.
var levels = []string{"؛;", ":", "،,、，"}

// divide cuts a span of more than Max tokens at the best marks there are.
func (c *Chunker) divide(text string, span corpus.Span, level int) []piece {
	var parts []corpus.Span
	switch {
	case level < len(levels):
		parts = cutBehind(text, span, func(r rune) bool { return strings.ContainsRune(levels[level], r) })
	case level == len(levels):
		parts = cutBehind(text, span, unicode.IsSpace)
	default:
		return c.halve(text, span)
	}
	var pieces []piece
	var open piece
	for _, part := range parts {
		tokens := c.options.Count(text[part.Start:part.End])
		switch {
		case tokens > c.options.Max:
			if open.span.Len() > 0 {
				pieces = append(pieces, open)
			}
			pieces, open = append(pieces, c.divide(text, part, level+1)...), piece{}
		case open.span.Len() == 0:
			open = piece{span: part, tokens: tokens}
		case open.tokens+tokens > c.options.Target:
			pieces, open = append(pieces, open), piece{span: part, tokens: tokens}
		default:
			open.span.End, open.tokens = part.End, open.tokens+tokens
		}
	}
	if open.span.Len() > 0 {
		pieces = append(pieces, open)
	}
	return pieces
}

// cutBehind cuts a span behind every run of runes that is accepted and the
// white space that follows it. Marks inside numbers (10,000) cut nothing.
func cutBehind(text string, span corpus.Span, accept func(rune) bool) []corpus.Span {
	var parts []corpus.Span
	start := span.Start
	for at := span.Start; at < span.End; {
		r, size := utf8.DecodeRuneInString(text[at:span.End])
		at += size
		if !accept(r) {
			continue
		}
		next, size := utf8.DecodeRuneInString(text[at:span.End])
		if unicode.IsDigit(next) && !unicode.IsSpace(r) {
			continue
		}
		for at < span.End && (unicode.IsSpace(next) || accept(next)) {
			at += size
			next, size = utf8.DecodeRuneInString(text[at:span.End])
		}
		if at < span.End && unicode.IsMark(next) {
			continue
		}
		parts = append(parts, corpus.Span{Start: start, End: at})
		start = at
	}
	if start < span.End {
		parts = append(parts, corpus.Span{Start: start, End: span.End})
	}
	return parts
}

// halve cuts one endless word in the middle until its parts fit.
func (c *Chunker) halve(text string, span corpus.Span) []piece {
	tokens := c.options.Count(text[span.Start:span.End])
	middle := boundary(text, span)
	if tokens <= c.options.Max || middle == span.Start {
		return []piece{{span: span, tokens: tokens}}
	}
	return append(c.halve(text, corpus.Span{Start: span.Start, End: middle}), c.halve(text, corpus.Span{Start: middle, End: span.End})...)
}

// boundary is a rune's beginning near the middle of the span, not before a
// combining mark; span.Start where there is none.
func boundary(text string, span corpus.Span) int {
	fits := func(at int) bool {
		r, size := utf8.DecodeRuneInString(text[at:])
		return utf8.RuneStart(text[at]) && !unicode.IsMark(r) && !(r == utf8.RuneError && size == 0)
	}
	middle := span.Start + span.Len()/2
	for d := 0; middle-d > span.Start || middle+d < span.End; d++ {
		if at := middle - d; at > span.Start && fits(at) {
			return at
		}
		if at := middle + d; at > span.Start && at < span.End && fits(at) {
			return at
		}
	}
	return span.Start
}
