package claims

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"dalil/corpus"
)

// part is one sentence of an answer. In text the markers are spaces, so that places
// in it are places in the answer, less span.Start.
type part struct {
	span    corpus.Span
	text    string
	markers []string // what [n] names, in Western digits
}

// marker is a citation in the text: [1], [1, 2], [١]. Some models write wide brackets: 【1】, 【1†source】.
var marker = regexp.MustCompile(`[\[［【]\s*\p{Nd}{1,4}(?:\s*[,،;]\s*\p{Nd}{1,4})*\s*(?:†[^\]］】]{0,40})?[\]］】]`)

// digits are runs of decimal digits of any script.
var digits = regexp.MustCompile(`\p{Nd}+`)

// cut cuts an answer into its sentences. A marker that stands behind the full stop
// belongs to the sentence before it.
func cut(answer string) []part {
	blank := marker.ReplaceAllStringFunc(answer, func(m string) string { return strings.Repeat(" ", len(m)) })
	var parts []part
	for _, span := range sentencesOf(blank) {
		span = trim(blank, span)
		if span.Start < span.End && len(parts) < mostClaims {
			parts = append(parts, part{span: span, text: blank[span.Start:span.End]})
		}
	}
	for _, m := range marker.FindAllStringIndex(answer, -1) {
		at := 0
		for at+1 < len(parts) && parts[at+1].span.Start <= m[0] {
			at++
		}
		if len(parts) == 0 {
			break
		}
		numbers, _, _ := strings.Cut(answer[m[0]:m[1]], "†")
		for _, d := range digits.FindAllString(numbers, -1) {
			parts[at].markers = append(parts[at].markers, western(d))
		}
	}
	return parts
}

// trim takes white space off both ends of a span.
func trim(text string, s corpus.Span) corpus.Span {
	cut := text[s.Start:s.End]
	s.Start += len(cut) - len(strings.TrimLeftFunc(cut, unicode.IsSpace))
	s.End = s.Start + len(strings.TrimSpace(cut))
	return s
}

// western writes digits of any script as 0 to 9, without leading zeros.
func western(s string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteByte('0' + byte(digitOf(r)))
	}
	return cmpOr(strings.TrimLeft(b.String(), "0"), "0")
}

func cmpOr(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

// digitOf is the value of a decimal digit: the digits of a script follow each other,
// and the first of them is a multiple away from a digit zero.
func digitOf(r rune) int {
	if r < utf8.RuneSelf {
		return int(r - '0')
	}
	zero := r
	for zero > 0 && unicode.Is(unicode.Nd, zero-1) && r-zero < 9 {
		zero--
	}
	return int(r - zero)
}

// nameOf is what an answer cites a source by.
func nameOf(sources []corpus.Source, i int) string {
	return cmpOr(sources[i].Citation, strconv.Itoa(i+1))
}
