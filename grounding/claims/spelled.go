package claims

import (
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"dalil/corpus"
	"dalil/lexical"
)

// numberOf finds a number's word, with "and" before it in Arabic.
func (e *extractor) numberOf(word string) (number, bool) {
	if n, ok := e.numbers[word]; ok {
		return n, true
	}
	for _, prefix := range []string{"و", "ال", "وال", "ب", "ل", "لل", "بال"} {
		if rest, ok := strings.CutPrefix(word, prefix); ok {
			if n, ok := e.numbers[rest]; ok {
				return n, true
			}
		}
	}
	return number{}, false
}

// spelled reads a number in words from the first word on; n is how many words it
// has, 0 for none.
func (e *extractor) spelled(words []lexical.Term) (value float64, span corpus.Span, n int, loose bool) {
	var total, current float64
	largest := math.Inf(1) // the last scale
	for n < len(words) {
		if n > 0 && words[n].Span.Start-words[n-1].Span.End > 2 {
			break
		}
		next, ok := e.numberOf(words[n].Word)
		if !ok && words[n].Word == "and" && n > 0 && current >= 100 && n+1 < len(words) { // a hundred and two
			if after, is := e.numberOf(words[n+1].Word); is && after.value < 100 && !after.ordinal {
				n++
				continue
			}
		}
		if !ok || e.percents[words[n].Word] || n > 0 && (next.alone || next.ordinal && next.value < 1) {
			break
		}
		if n > 0 && !next.scale && n+1 < len(words) { // another number: three million and five million
			if after, is := e.numberOf(words[n+1].Word); is && after.scale && after.value > 100 && after.value >= largest {
				break
			}
		}
		switch {
		case next.scale && n == 0:
			current, loose = next.value, true // "thousands of"
		case next.scale && next.value == 100:
			current *= 100
		case next.scale:
			total, current, largest = total+max(current, 1)*next.value, 0, next.value
		default:
			if n > 0 && !joins(current, next.value, words[n].Word) {
				return total + current, span, n, loose // another number
			}
			current += next.value
			loose = loose || next.ordinal || next.value >= 20 && strings.HasPrefix(words[n].Word, "ال") // العشرين: the twentieth
		}
		if n == 0 {
			span.Start = words[0].Span.Start
		}
		span.End = words[n].Span.End
		n++
		if next.alone {
			break
		}
	}
	return total + current, span, n, loose
}

// month reads the name of a month of one or two words; below 0: it may be another
// word.
func (e *extractor) month(words []lexical.Term) (value float64, span corpus.Span, n int) {
	if len(words) > 1 {
		if v, ok := e.monthOf(words[0].Word, " "+words[1].Word); ok {
			return v, corpus.Span{Start: words[0].Span.Start, End: words[1].Span.End}, 2
		}
	}
	v, ok := e.monthOf(words[0].Word, "")
	if !ok || words[0].Script == lexical.Latin && !words[0].Upper {
		return 0, span, 0
	}
	return v, words[0].Span, 1
}

// joins reports whether a number behind another one is a part of the same: five
// behind twenty, in Arabic twenty behind five.
func joins(before, next float64, word string) bool {
	switch rest := math.Mod(before, 100); {
	case before == 0:
		return true
	case next >= 100:
		return false
	case rest == 0:
		return true
	case rest < 10:
		return next == 10 || next >= 20 && strings.HasPrefix(word, "و")
	default:
		return rest >= 20 && next < 10 && math.Mod(rest, 10) == 0
	}
}

// monthOf finds a month, with a particle before it in Arabic (ويونيو) or an ending
// in English (June's).
func (e *extractor) monthOf(word, rest string) (float64, bool) {
	if v, ok := e.months[word+rest]; ok {
		return v, true
	}
	for _, ending := range []string{"'s", "’s"} {
		if name, ok := strings.CutSuffix(word, ending); ok {
			v, ok := e.months[name+rest]
			return v, ok
		}
	}
	for _, prefix := range []string{"و", "ل", "ب", "ف"} {
		if name, ok := strings.CutPrefix(word, prefix); ok && utf8.RuneCountInString(name+rest) > 3 {
			if v, ok := e.months[name+rest]; ok && v > 0 { // ومارس is more often "and practised"
				return v, true
			}
		}
	}
	return 0, false
}

// scaleAfter finds million and the like behind a number.
func (e *extractor) scaleAfter(text string, words []lexical.Term, at int) (scale float64, end int) {
	for _, w := range words {
		if w.Span.Start < at {
			if w.Span.End > at && e.numbers[strings.ToLower(text[at:w.Span.End])].scale { // 5m
				return e.numbers[strings.ToLower(text[at:w.Span.End])].value, w.Span.End
			}
			continue
		}
		if w.Span.Start-at > 2 {
			break
		}
		if n, ok := e.numberOf(w.Word); ok && n.scale {
			return n.value, w.Span.End
		}
		break
	}
	return 0, 0
}

// parse reads digits with separators: groups of three behind the first are
// thousands, anything else behind the last separator is a fraction.
func parse(s string) (float64, bool) {
	var b strings.Builder
	runes := []rune(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s))
	separators, last := 0, -1
	for i, r := range runes {
		if strings.ContainsRune(".,،٫٬’'", r) {
			separators, last = separators+1, i
		}
	}
	for i, r := range runes {
		switch {
		case !strings.ContainsRune(".,،٫٬’'", r):
			b.WriteByte('0' + byte(digitOf(r)))
		case i == last && (r == '٫' || len(runes)-last-1 != 3 || separators == 1 && r == '.'):
			b.WriteByte('.')
		}
	}
	v, err := strconv.ParseFloat(b.String(), 64)
	return v, err == nil
}
