package timex

import (
	"strings"
	"time"
)

// quarterOf reads a quarter or a half of a year: Q1 2024, the first quarter of 2024,
// الربع الأول من عام 2024.
func (r *reader) quarterOf(i int) (p period, n int) {
	if y, k := r.year(i); k == 1 && r.word(i+1) == "q" && r.at(i+2).glued && r.at(i+2).kind == numberToken {
		return r.partAt(y, r.at(i+2).value, 4, 3)
	}
	at := r.past(i, articles)
	of := 0
	word, next := r.word(at), r.word(at+1)
	last := ordinals[word]
	if k := r.joint(at + 1); last > 0 && k > at+1 && ordinals[r.word(k)] > last { // first and second quarter
		next, at, last = r.word(k+1), k, ordinals[r.word(k)]
	}
	first := ordinals[word]
	switch {
	case word == "q" && r.at(at+1).glued && r.at(at+1).kind == numberToken:
		first, of, at = r.at(at+1).value, 4, at+2
		last = first
	case last > 0 && shares[next] > 0:
		of, at = shares[next], at+2
	case (word == "last" || word == "final") && shares[next] > 0:
		of, at = shares[next], at+2
		first, last = of, of
	case shares[word] > 0 && ordinals[next] > 0:
		of, at = shares[word], at+2
		first, last = ordinals[next], ordinals[next]
		if second, cut := strings.CutPrefix(r.word(at), "و"); cut && ordinals[second] > first { // الأول والثاني
			last, at = ordinals[second], at+1
		}
	case shares[word] > 0 && (next == "الاخير" || next == "الاخيره"):
		of, at = shares[word], at+2
		first, last = of, of
	default:
		return p, 0
	}
	y, k := r.withYear(at)
	for end, step := at, 0; y == 0 && step < 8; step++ { // Q1, Q2 and Q3 2023: the year is that of the last
		other := r.joint(end)
		if other == end {
			break
		}
		if other = r.past(other, articles); !(r.word(other) == "q" && r.number(other+1) || ordinals[r.word(other)] > 0 && shares[r.word(other+1)] == of) {
			break
		}
		end = other + 2
		y, _ = r.withYear(end)
	}
	if y == 0 {
		return p, 0
	}
	p, n = r.partAt(y, first, of, at+k-i)
	if end, two := r.partAt(y, last, of, n); n > 0 && two > 0 {
		p.Until = end.Until
		return p, n
	}
	return period{}, 0
}

// partAt returns one of equal parts of a year.
func (r *reader) partAt(y, number, of, n int) (period, int) {
	if number < 1 || number > of {
		return period{}, 0
	}
	from := addMonths(yearOf(y).From, (number-1)*12/of)
	return period{Range{from, addMonths(from, 12/of)}, quarter, true, false}, n
}

// partOf reads a third of a year, a decade or a month: early 2024, أواخر عام 2024.
func (r *reader) partOf(i int) (p period, n int) {
	at := r.past(i, articles)
	part, known := parts[r.word(at)]
	if !known {
		return p, 0
	}
	at++
	if r.at(at).dash() {
		at++
	}
	of := r.word(at) == "of" || r.word(at) == "من"
	if of {
		at++
	}
	at = r.past(at, articles)
	p, k := r.monthOf(at)
	if k == 0 {
		p, k = r.decade(at)
	}
	if k == 0 {
		p, k = r.namedYear(at)
	}
	if k == 0 {
		if y, years := r.year(at); years > 0 {
			p, k = yearOf(y), years
		} else if y, years := r.relativeYear(at); years > 0 {
			p, k = yearOf(y), years
		} else if p, k = r.bareMonth(at); k == 0 || p.void || needOf[r.word(at-1)] && !of {
			return period{}, 0
		}
	}
	switch {
	case p.unit == month:
		bounds := [4]time.Time{p.From, p.From.AddDate(0, 0, 10), p.From.AddDate(0, 0, 20), p.Until}
		if !p.dated && bounds[part].After(r.now) {
			for i := range bounds {
				bounds[i] = add(year, bounds[i], -1)
			}
		}
		p.Range = Range{bounds[part], bounds[part+1]}
	case p.unit == decade:
		bounds := [4]time.Time{p.From, p.From.AddDate(4, 0, 0), p.From.AddDate(7, 0, 0), p.Until}
		p.Range = Range{bounds[part], bounds[part+1]}
	default:
		from := addMonths(p.From, 4*part)
		p.Range = Range{from, addMonths(from, 4)}
	}
	return p, at + k - i
}

// inDecades reports whether the words before the tens of a decade make them one: the
// nineties, the late nineties, early 90s, the eighties and nineties. The lower tens
// without an article, and those behind a possessive, are ages.
func (r *reader) inDecades(i, tens int) bool {
	k := i - 1
	if joints[r.word(k)] {
		before := r.word(k - 1)
		return before == "s" || decades[before] > 0 && articles[r.word(k-2)]
	}
	if r.at(k).dash() {
		k--
	}
	if _, part := parts[r.word(k)]; part {
		k--
		if !articles[r.word(k)] {
			return tens >= 70 && !possessives[r.word(k)]
		}
	}
	return articles[r.word(k)]
}

// decade reads the 1990s, the '90s, the nineties and تسعينيات القرن الماضي.
func (r *reader) decade(i int) (p period, n int) {
	at := i
	decadeAt := func(y, n int) (period, int) {
		if y > r.now.Year() {
			return period{}, 0
		}
		return whole(decade, time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC), true), n
	}
	if r.at(at).is("'") || r.at(at).is("’") {
		at++
	}
	if t := r.at(at); t.kind == numberToken && t.value >= 0 && t.value%10 == 0 {
		k := 1
		if next := r.at(at + 1); next.glued && (next.is("'") || next.is("’")) {
			k++
		}
		if s := r.at(at + k); !s.glued || s.text != "s" {
			return p, 0
		}
		switch {
		case len(t.text) == 4 && t.value >= earliestYear:
			return decadeAt(t.value, at+k+1-i)
		case len(t.text) == 2 && t.value >= 30 && r.inDecades(i, t.value) && !r.measured(i, at+k+1):
			return decadeAt(1900+t.value, at+k+1-i)
		}
		return p, 0
	}
	word := r.word(at)
	if len(word) > 4 && word[:4] == "ال" {
		word = word[4:]
	} else if decades[word] > 0 && word[0] < 0x80 && !r.inDecades(at, decades[word]-1900) {
		return p, 0 // a man in his fifties
	}
	y := decades[word]
	if y == 0 {
		return p, 0
	}
	k := 1
	if r.word(at+1) == "القرن" {
		switch r.word(at + 2) {
		case "الماضي", "العشرين":
			k = 3
		default:
			return p, 0
		}
	} else if word[0] >= 0x80 && word == r.word(at) {
		return p, 0 // in the construct state without its century
	}
	switch {
	case k > 1:
	case y == 1920 && r.now.Year() >= 2020: // of which century?
		return p, 0
	case r.measured(i, at+1), r.word(i-1) == "في" && persons[r.word(i-2)]: // an age, a temperature
		return p, 0
	}
	return decadeAt(y, k)
}
