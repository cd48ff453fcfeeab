package timex

import "time"

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
	case shares[word] > 0 && (next == "الاخير" || next == "الاخيره"):
		of, at = shares[word], at+2
		first, last = of, of
	default:
		return p, 0
	}
	y, k := r.withYear(at)
	if k == 0 && of == 4 && word == "q" {
		if other := r.joint(at); other > at && r.word(other) == "q" && r.at(other+1).kind == numberToken { // Q1 and Q2 2023
			y, _ = r.withYear(other + 2)
		}
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
	if r.word(at) == "of" || r.word(at) == "من" {
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
		y, years := r.year(at)
		if years == 0 {
			if y, years = r.relativeYear(at); years == 0 {
				return p, 0
			}
		}
		p, k = yearOf(y), years
	}
	switch {
	case p.unit == month:
		bounds := [4]time.Time{p.From, p.From.AddDate(0, 0, 10), p.From.AddDate(0, 0, 20), p.Until}
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

// inDecades reports whether the words before that of a decade make it one: the nineties,
// the late nineties, the eighties and nineties.
func (r *reader) inDecades(i int) bool {
	before, first := r.word(i-1), r.word(i-2)
	_, part := parts[before]
	return articles[before] || articles[first] && part || joints[before] && decades[first] > 0 && articles[r.word(i-3)]
}

// decade reads the 1990s, the '90s, the nineties and تسعينيات القرن الماضي.
func (r *reader) decade(i int) (p period, n int) {
	at := i
	decadeAt := func(y, n int) (period, int) {
		if y > r.now.Year() || r.measured(i, i+n) {
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
		case len(t.text) == 2 && t.value >= 20 && articles[r.word(i-1)]:
			return decadeAt(1900+t.value, at+k+1-i)
		}
		return p, 0
	}
	word := r.word(at)
	if len(word) > 4 && word[:4] == "ال" {
		word = word[4:]
	} else if decades[word] > 0 && word[0] < 0x80 && !r.inDecades(at) {
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
	return decadeAt(y, k)
}
