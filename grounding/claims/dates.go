package claims

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"dalil/corpus"
)

// dated is a date of a sentence: a month with or without its day and its year.
type dated struct {
	span     corpus.Span
	readings []monthDay
	year     float64 // 0: none
	digits   bool    // 10/03/1258: no name of a month
}

// monthDay is a month, 1 to 12, and a day, 0 if there is none.
type monthDay struct{ month, day float64 }

// dayFirst and yearFirst are dates in digits. Where the year is last, day and month are in either order.
var (
	dayFirst  = regexp.MustCompile(`\p{Nd}{1,2}/\p{Nd}{1,2}/\p{Nd}{4}|\p{Nd}{1,2}-\p{Nd}{1,2}-\p{Nd}{4}|\p{Nd}{1,2}\.\p{Nd}{1,2}\.\p{Nd}{4}`)
	yearFirst = regexp.MustCompile(`\p{Nd}{4}-\p{Nd}{1,2}-\p{Nd}{1,2}|\p{Nd}{4}/\p{Nd}{1,2}/\p{Nd}{1,2}`)
)

// numericDate is a date in digits, with where its three numbers are.
type numericDate struct {
	dated
	numbers [][]int
	last    bool // the year is the last of them, otherwise the first
}

// numericDates lists the dates in digits of a text.
func numericDates(text string) []numericDate {
	var all []numericDate
	for _, form := range []*regexp.Regexp{dayFirst, yearFirst} {
		for _, at := range form.FindAllStringIndex(text, -1) {
			if d := (numericDate{last: form == dayFirst}); d.read(text, at) {
				all = append(all, d)
			}
		}
	}
	return all
}

// read reads the date at a place of the text; false: it is none.
func (d *numericDate) read(text string, at []int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:at[0]])
	after, size := utf8.DecodeRuneInString(text[at[1]:])
	then, _ := utf8.DecodeRuneInString(text[at[1]+size:])
	if unicode.IsNumber(before) || unicode.IsNumber(after) || strings.ContainsRune("/.-", before) || strings.ContainsRune("/.-", after) && unicode.IsNumber(then) {
		return false // a part of a longer row of numbers
	}
	var values [3]float64
	for i, n := range digits.FindAllStringIndex(text[at[0]:at[1]], -1) {
		d.numbers = append(d.numbers, []int{at[0] + n[0], at[0] + n[1]})
		values[i], _ = parse(text[at[0]+n[0] : at[0]+n[1]])
	}
	one, two := values[0], values[1]
	if d.year = values[2]; !d.last {
		d.year, one, two = values[0], values[1], values[2]
	}
	add := func(month, day float64) {
		if 1 <= month && month <= 12 && 1 <= day && day <= 31 {
			d.readings = append(d.readings, monthDay{month, day})
		}
	}
	if add(one, two); d.last {
		add(two, one)
	}
	d.span, d.digits = corpus.Span{Start: at[0], End: at[1]}, true
	return len(d.readings) > 0
}

// Bounds of what belongs to the name of a month, in bytes between them.
const (
	mostToDay  = 8  // "10th of February", "10 من فبراير"
	mostToYear = 16 // "February 10, 1258", "فبراير من عام 1258"
)

// datesOf lists the dates of a text whose facts are known.
func datesOf(text string, facts []fact) []dated {
	var all []dated
	for _, d := range numericDates(text) {
		all = append(all, d.dated)
	}
	for _, month := range facts {
		if month.kind != corpus.MismatchDate || month.loose || month.value > 12 {
			continue
		}
		d := dated{span: month.span}
		day := 0.
		for _, n := range facts {
			if n.kind == corpus.MismatchNumber && day == 0 && n.value >= 1 && n.value <= 31 && beside(text, n.span, month.span, mostToDay) {
				day, d.span = n.value, corpus.Span{Start: min(n.span.Start, month.span.Start), End: max(n.span.End, month.span.End)}
			}
		}
		for _, n := range facts {
			if n.kind == corpus.MismatchNumber && d.year == 0 && n.value > 31 && n.span.Start >= d.span.End && beside(text, n.span, d.span, mostToYear) {
				d.year = n.value
			}
		}
		d.readings = []monthDay{{month.value, day}}
		all = append(all, d)
	}
	return all
}

// beside reports whether at most so many bytes are between two places of a text, no digits and no end of a clause among them.
func beside(text string, a, b corpus.Span, most int) bool {
	if b.Start < a.Start {
		a, b = b, a
	}
	return a.End <= b.Start && b.Start-a.End <= most && !strings.ContainsFunc(text[a.End:b.Start], func(r rune) bool {
		return unicode.IsNumber(r) || strings.ContainsRune(".;:؛()!?؟", r)
	})
}

// otherDates lists the dates in digits of a claim that a sentence contradicts: it
// has dates of the same year, or without a year, and each is of another day.
func otherDates(claim *claimText, of *sentence) []corpus.Mismatch {
	var all []corpus.Mismatch
	for _, d := range claim.dates {
		if !d.digits {
			continue
		}
		var other *dated
		for i := range of.dates {
			if s := &of.dates[i]; s.year == 0 || s.year == d.year {
				if d.agrees(s, of.facts) {
					other = nil
					break
				}
				other = s
			}
		}
		if other != nil {
			all = append(all, corpus.Mismatch{Kind: corpus.MismatchDate, Claim: inAnswer(claim.part, d.span), Source: of.source, Found: inSource(of, other.span)})
		}
	}
	return all
}

// agrees reports whether two dates can be the same day, or the one is a day in the month of the other.
// The day may be any number of the source, which may name several days of a month.
func (d *dated) agrees(s *dated, facts []fact) bool {
	for _, a := range d.readings {
		for _, b := range s.readings {
			if a.month == b.month && (b.day == 0 || a.day == b.day || !s.digits && has(facts, fact{kind: corpus.MismatchNumber, value: a.day, bare: a.day})) {
				return true
			}
		}
	}
	return false
}
