package chunker

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/words"

	"dalil/corpus"
)

// levels are the places where a very long sentence may be cut, the best first.
// After them come white space, the word boundaries of UAX 29 and, in one very long
// word, any rune.
var levels = []string{"|", "؛;", ":", "،,、，"}

// divide adds a span that does not fit in parts of at most so many tokens, cut at
// the best available marks. The parts are like p except for their spans.
func (c *cutting) divide(span corpus.Span, p piece, most int) bool {
	first := 1
	if p.row > 0 {
		first = 0 // cells
	}
	d := divider{cutting: c, most: max(most, 1), target: min(c.chunker.options.Target, max(most, 1)), like: p}
	return d.level(span, first)
}

type divider struct {
	*cutting
	most, target int // tokens
	like         piece
}

func (d *divider) count(span corpus.Span) int {
	return d.chunker.options.Count(d.text[span.Start:span.End])
}

// emit adds one part. Only the last part ends what the whole piece ends.
func (d *divider) emit(span corpus.Span, tokens int) bool {
	p := d.like
	p.closes = p.closes && span.End == p.span.End
	p.heading, p.level = p.heading && span.Start == p.span.Start, 0
	p.span, p.tokens = span, tokens
	return d.add(p)
}

func (d *divider) level(span corpus.Span, level int) bool {
	var parts func(yield func(corpus.Span) bool) bool
	switch {
	case level < len(levels):
		parts = func(yield func(corpus.Span) bool) bool {
			return cutBehind(d.text, span, func(r rune) bool { return strings.ContainsRune(levels[level], r) }, yield)
		}
	case level == len(levels):
		parts = func(yield func(corpus.Span) bool) bool { return cutBehind(d.text, span, unicode.IsSpace, yield) }
	case level == len(levels)+1:
		parts = func(yield func(corpus.Span) bool) bool { return cutWords(d.text, span, yield) }
	default:
		return d.endless(span)
	}
	var open corpus.Span
	tokens := 0
	going := parts(func(part corpus.Span) bool {
		n := d.most + 1
		if part.Len() <= MaxBytes {
			n = d.count(part)
		}
		switch {
		case n > d.most:
			if open.Len() > 0 && !d.emit(open, tokens) {
				return false
			}
			open, tokens = corpus.Span{}, 0
			return d.level(part, level+1)
		case open.Len() == 0:
			open, tokens = part, n
		case tokens+n > d.target || open.Len()+part.Len() > MaxBytes:
			if !d.emit(open, tokens) {
				return false
			}
			open, tokens = part, n
		default:
			open.End, tokens = part.End, tokens+n
		}
		return true
	})
	return going && (open.Len() == 0 || d.emit(open, tokens))
}

// cutBehind cuts a span after every run of accepted runes and the white space that
// follows it. It does not cut at marks inside numbers (10,000).
func cutBehind(text string, span corpus.Span, accept func(rune) bool, yield func(corpus.Span) bool) bool {
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
		if !yield(corpus.Span{Start: start, End: at}) {
			return false
		}
		start = at
	}
	return start >= span.End || yield(corpus.Span{Start: start, End: span.End})
}

// cutWords cuts a span at the word boundaries of UAX 29, but not before a mark.
func cutWords(text string, span corpus.Span, yield func(corpus.Span) bool) bool {
	start := span.Start
	segments := words.FromString(text[span.Start:span.End])
	for segments.Next() {
		at := span.Start + segments.Start()
		if r, _ := utf8.DecodeRuneInString(text[at:span.End]); at == start || unicode.IsMark(r) {
			continue
		}
		if !yield(corpus.Span{Start: start, End: at}) {
			return false
		}
		start = at
	}
	return start >= span.End || yield(corpus.Span{Start: start, End: span.End})
}

// endless cuts one very long word: first into parts of MaxBytes, so that the time
// is linear, and then each part in the middle until it fits.
func (d *divider) endless(span corpus.Span) bool {
	for span.Len() > MaxBytes {
		at := boundary(d.text, corpus.Span{Start: span.Start, End: span.Start + MaxBytes + 1})
		if at == span.Start {
			for at = span.Start + MaxBytes; !utf8.RuneStart(d.text[at]); at-- {
			}
		}
		if !d.halve(corpus.Span{Start: span.Start, End: at}) {
			return false
		}
		span.Start = at
	}
	return span.Len() == 0 || d.halve(span)
}

func (d *divider) halve(span corpus.Span) bool {
	tokens := d.count(span)
	middle := boundary(d.text, span)
	if tokens <= d.most || middle == span.Start {
		return d.emit(span, tokens)
	}
	return d.halve(corpus.Span{Start: span.Start, End: middle}) && d.halve(corpus.Span{Start: middle, End: span.End})
}

// boundary returns the beginning of a rune near the middle of the span, but not
// before a combining mark. It returns span.Start if there is none.
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
