package claims

import (
	"regexp"
	"slices"
	"strings"

	"dalil/corpus"
	"dalil/lexical"
)

// fact is a number or a month in a sentence.
type fact struct {
	kind  corpus.MismatchKind
	value float64 // of a number; of a month 1 to 12, of a month of the Hijri calendar 101 to 112
	bare  float64 // of a number, without million and the like
	span  corpus.Span
	unit  string // of a number: a currency or percent; empty: another one, or none
	order bool   // an ordinal
	loose bool   // it only confirms: an ordinal, a small number in words, a word that may mean something else
}

// extractor finds the facts of a sentence.
type extractor struct {
	analyzer *lexical.Analyzer
	numbers  map[string]number // by folded word
	months   map[string]float64
	percents map[string]bool
	units    map[string]string // the currencies by folded word
}

// number is what a word adds to a number, or multiplies it by.
type number struct {
	value   float64
	scale   bool
	ordinal bool // it only confirms
	order   bool // it is a place in an order
	alone   bool // it is no part of a longer number
}

func newExtractor(a *lexical.Analyzer) *extractor {
	e := &extractor{analyzer: a, numbers: map[string]number{}, months: map[string]float64{}, percents: map[string]bool{}, units: map[string]string{}}
	fold := func(s string) string {
		var words []string
		for _, w := range a.Words(s) {
			words = append(words, w.Word)
		}
		return strings.Join(words, " ")
	}
	for word, v := range cardinals {
		e.numbers[fold(word)] = number{value: v}
	}
	for word, v := range scales {
		e.numbers[fold(word)] = number{value: v, scale: true}
	}
	for word, v := range places {
		e.numbers[fold(word)] = number{value: v, ordinal: true, order: true}
	}
	for word, v := range parts {
		e.numbers[fold(word)] = number{value: v, ordinal: true}
	}
	for _, word := range duals {
		e.numbers[fold(word)] = number{value: 2, ordinal: true, alone: true}
	}
	for _, word := range years {
		n, _ := e.numberOf(fold(word))
		n.alone = true
		e.numbers[fold(word)] = n
	}
	for _, word := range percents {
		e.percents[fold(word)] = true
	}
	for name, words := range currencies {
		for _, word := range words {
			e.units[fold(word)] = name
		}
	}
	for i, names := range months {
		for _, name := range names {
			e.months[fold(name)] = float64(i + 1)
		}
	}
	for i, names := range hijriMonths {
		for _, name := range names {
			e.months[fold(name)] = float64(i + 101)
		}
	}
	for _, name := range ambiguous {
		e.months[fold(name)] = -e.months[fold(name)]
	}
	return e
}

// written are numbers in digits of any script, with separators.
var written = regexp.MustCompile(`\p{Nd}+(?:[.,،٫٬’']\p{Nd}+)*`)

// spaced are groups of digits with spaces between them, and spacedThousands those that are one number.
var (
	spaced          = regexp.MustCompile(`\p{Nd}+(?:[ \x{00a0}\x{2009}\x{202f}]\p{Nd}+)+`)
	spacedThousands = regexp.MustCompile(`^\p{Nd}{1,3}(?:[ \x{00a0}\x{2009}\x{202f}]\p{Nd}{3})+$`)
)

// numbersIn returns where the numbers in digits are. 100 000 is one, and 0800 555 111 are three.
func numbersIn(text string) [][]int {
	found := written.FindAllStringIndex(text, -1)
	for _, group := range spaced.FindAllStringIndex(text, -1) {
		if !spacedThousands.MatchString(text[group[0]:group[1]]) {
			continue
		}
		first := slices.IndexFunc(found, func(at []int) bool { return at[0] == group[0] })
		last := slices.IndexFunc(found, func(at []int) bool { return at[1] == group[1] })
		if first >= 0 && last >= 0 {
			found = slices.Replace(found, first, last+1, group)
		}
	}
	return found
}

// thousand is a number with one point and three digits behind it.
var thousand = regexp.MustCompile(`^\p{Nd}{1,3}\.\p{Nd}{3}$`)

// label is the number of an item of a list, at the beginning of a line: "2. ", "(2) ".
var label = regexp.MustCompile(`(?m)^[\s#>*_-]*\(?(\p{Nd}{1,3})[.)](?:[\s*_]|$)`)

// facts lists the numbers and months of a sentence, in their order.
func (e *extractor) facts(text string) []fact {
	var found []fact
	taken := numbersIn(text)
	words := e.analyzer.Words(text)
	dates := numericDates(text)
	labels := map[int]bool{} // where they begin
	for _, at := range label.FindAllStringSubmatchIndex(text, -1) {
		labels[at[2]] = true
	}
	for _, d := range dates { // its numbers are read one by one: 10.03.1258 is three
		taken = slices.DeleteFunc(taken, func(at []int) bool { return overlap(corpus.Span{Start: at[0], End: at[1]}, d.span) })
	}
	for _, d := range dates {
		taken = append(taken, d.numbers...)
		for _, r := range d.readings {
			found = append(found, fact{kind: corpus.MismatchDate, value: r.month, span: d.span, loose: true})
		}
	}
	for _, at := range taken {
		value, ok := parse(text[at[0]:at[1]])
		if !ok {
			continue
		}
		f := fact{kind: corpus.MismatchNumber, value: value, bare: value, span: corpus.Span{Start: at[0], End: at[1]}}
		if before, after := text[:at[0]], text[at[1]:]; value == 0 || labels[at[0]] || strings.HasSuffix(before, ":") || strings.HasPrefix(after, ":") ||
			strings.HasPrefix(after, "s") || strings.HasPrefix(after, "-") && !strings.HasPrefix(after, "-year") || strings.HasSuffix(before, "-") {
			f.loose = true // a time, the number of an item, a decade, a size
		}
		for _, d := range dates {
			if !overlap(d.span, f.span) {
				continue
			}
			year := d.numbers[0]
			if d.last {
				year = d.numbers[2]
			}
			f.loose = at[0] != year[0] // the day and the month, which may be a word in the source
		}
		if group := thousand.FindString(text[at[0]:at[1]]); group != "" { // 76.000 is 76 thousand in some places
			f.bare = value * 1000
		}
		if scale, end := e.scaleAfter(text, words, at[1]); scale > 0 {
			f.value, f.span.End = value*scale, end
		}
		f.unit = e.unitOf(text, words, f.span)
		found = append(found, f)
	}
	inDigits := func(s corpus.Span) bool {
		for _, f := range found {
			if overlap(f.span, s) {
				return true
			}
		}
		return false
	}
	besideNumber := func(s corpus.Span) bool {
		for _, at := range taken {
			if at[0]-s.End >= 0 && at[0]-s.End <= 3 || s.Start-at[1] >= 0 && s.Start-at[1] <= 6 {
				return true
			}
		}
		return false
	}
	var composed []fact
	for i := 0; i < len(words); i++ {
		w := words[i]
		if inDigits(w.Span) {
			continue
		}
		if month, span, n := e.month(words[i:]); n > 0 {
			loose := month < 0 && !besideNumber(span)
			composed = append(composed, fact{kind: corpus.MismatchDate, value: max(month, -month), span: span, loose: loose})
			i += n - 1
			continue
		}
		if v, ok := roman[text[w.Span.Start:w.Span.End]]; ok && i > 0 {
			composed = append(composed, fact{kind: corpus.MismatchNumber, value: v, bare: v, span: w.Span, loose: true})
			continue
		}
		value, span, n, loose := e.spelled(words[i:])
		if n == 0 {
			continue
		}
		composed = append(composed, fact{
			kind: corpus.MismatchNumber, value: value, bare: value, span: span, loose: loose || value < 3,
			unit: e.unitOf(text, words, span), order: n == 1 && e.numbers[w.Word].order,
		})
		if n > 1 { // its parts confirm too: 25 of "25 and a half"
			for _, part := range words[i : i+n] {
				if one, ok := e.numberOf(part.Word); ok {
					composed = append(composed, fact{kind: corpus.MismatchNumber, value: one.value, bare: one.value, span: part.Span, loose: true})
				}
			}
		}
		i += n - 1
	}
	return append(found, composed...)
}
