package timex

import "time"

// date reads a date of the calendar. With loose, a bare year and a month without a year
// are dates too.
func (r *reader) date(i int, loose bool) (p period, n int) {
	for _, rule := range []func(int) (period, int){r.numeric, r.dayOfMonth, r.partOf, r.quarterOf, r.monthOf, r.decade, r.namedYear} {
		if p, n = rule(i); n > 0 {
			return p, n
		}
	}
	if !loose {
		return r.years(i)
	}
	if p, n = r.years(i); n > 0 {
		return p, n
	}
	if y, n := r.year(i); n > 0 {
		return yearOf(y), n
	}
	return r.bareMonth(i)
}

func yearOf(y int) period { return whole(year, time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC), true) }

// year reads a year and its era.
func (r *reader) year(i int) (y, n int) {
	t := r.at(i)
	if t.kind != numberToken || len(t.text) != 4 || t.value < earliestYear || t.value > r.now.Year()+1 {
		return 0, 0
	}
	if before := r.at(i - 1); t.glued && before.kind == markToken && !opening(before) && !before.dash() {
		return 0, 0
	}
	next := r.at(i + 1)
	switch {
	case hijri[next.text], counted[next.text]:
		return 0, 0
	case next.kind == wordToken && eras[next.text]:
		return t.value, 2
	case next.glued && next.kind == wordToken:
		return 0, 0
	case next.glued && next.kind == markToken && r.at(i+2).glued && !next.dash() && !opening(next) && r.at(i+2).kind == numberToken:
		return 0, 0 // 2000.5, 2004:1
	case next.is("%"), next.is("$"), next.is("°"), next.is("٪"):
		return 0, 0
	case next.glued && next.dash() && r.at(i+2).glued && r.at(i+2).kind == wordToken:
		return 0, 0 // 2000-year-old
	}
	return t.value, 1
}

func opening(t token) bool {
	switch t.text {
	case "(", "[", "\"", "“", "«", "„", "'", "‘", ",", "،", ";", "؛", "?", "؟", "!", ")", "]", "”", "»", "’":
		return true
	}
	return false
}

// namedYear reads a year behind a word for it: عام 2020, the year 2020.
func (r *reader) namedYear(i int) (p period, n int) {
	if !yearWords[r.word(i)] || r.topical(i) {
		return p, 0
	}
	y, n := r.year(i + 1)
	if n == 0 {
		return p, 0
	}
	return yearOf(y), n + 1
}

// topical reports whether the noun before a token makes the year behind it a name.
func (r *reader) topical(i int) bool {
	return topics[r.word(i-1)] || topics[r.word(i-2)] && articles[r.word(i-1)]
}

// years reads a range of years with a dash: 2010-2015.
func (r *reader) years(i int) (p period, n int) {
	if before := r.at(i - 1); r.at(i).glued && (before.dash() || before.kind == numberToken || before.kind == wordToken) {
		return p, 0
	}
	first, one := r.year(i)
	if one != 1 || !r.at(i+1).dash() {
		return p, 0
	}
	second, two := r.year(i + 2)
	if two == 0 || second <= first || r.at(i+2+two).dash() && r.at(i+2+two).glued {
		return p, 0
	}
	return period{Range{yearOf(first).From, yearOf(second).Until}, year, true}, 2 + two
}

// numeric reads 2024-05-17, 2024/5/17, 17/5/2024, 17.05.2024 and 2024-05. Where day and
// month can be told apart, both orders are read; otherwise the day is first.
func (r *reader) numeric(i int) (p period, n int) {
	a, sign, b := r.at(i), r.at(i+1), r.at(i+2)
	if a.kind != numberToken || b.kind != numberToken || sign.kind != markToken || !sign.glued || !b.glued || a.glued && r.at(i-1).kind != markToken {
		return p, 0
	}
	if a.glued && !opening(r.at(i-1)) || !sign.is("-") && !sign.is("/") && !sign.is(".") {
		return p, 0
	}
	again, c := r.at(i+3), r.at(i+4)
	if again.glued && again.text == sign.text && c.glued && c.kind == numberToken {
		if next := r.at(i + 5); next.glued && (next.text == sign.text && r.at(i+6).glued && r.at(i+6).kind == numberToken) {
			return p, 0
		}
		y, m, d := a, b, c
		if len(a.text) != 4 {
			y, m, d = c, b, a
			if m.value > 12 {
				m, d = d, m
			}
		}
		if len(y.text) != 4 {
			return p, 0
		}
		return r.dayAt(y.value, m.value, d.value, 5)
	}
	if !sign.is("-") || len(a.text) != 4 || len(b.text) != 2 || again.glued && again.dash() {
		return p, 0
	}
	return r.monthAt(a.value, b.value, 3)
}

// dayAt returns a day, if there is one.
func (r *reader) dayAt(y, m, d, n int) (period, int) {
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if y < earliestYear || y > r.now.Year()+1 || t.Year() != y || int(t.Month()) != m || t.Day() != d {
		return period{}, 0
	}
	return whole(day, t, true), n
}

func (r *reader) monthAt(y, m, n int) (period, int) {
	if y < earliestYear || y > r.now.Year()+1 || m < 1 || m > 12 {
		return period{}, 0
	}
	return whole(month, time.Date(y, time.Month(m), 1, 0, 0, 0, 0, time.UTC), true), n
}

// monthName reads the name of a month, or two names of the same one: أيار/مايو.
func (r *reader) monthName(i int) (m, n int) {
	word := r.word(i)
	if m = months[word]; m == 0 && len(word) > 2 && word[:2] == "و" {
		m = months[word[2:]]
	}
	n = 1
	if m == 0 {
		if m, n = twoWordMonths[word+" "+r.word(i+1)], 2; m == 0 {
			if len(word) <= 2 || word[:2] != "و" {
				return 0, 0
			}
			if m = twoWordMonths[word[2:]+" "+r.word(i+1)]; m == 0 {
				return 0, 0
			}
		}
	}
	if r.at(i+n).is(".") && short[word] {
		n++
	}
	if r.at(i+n).is("/") || r.at(i+n).is("(") {
		if other, k := r.monthNameAlone(i + n + 1); other == m {
			n += 1 + k
			if r.at(i + n).is(")") {
				n++
			}
		}
	}
	return m, n
}

func (r *reader) monthNameAlone(i int) (m, n int) {
	if m = months[r.word(i)]; m > 0 {
		return m, 1
	}
	if m = twoWordMonths[r.word(i)+" "+r.word(i+1)]; m > 0 {
		return m, 2
	}
	return 0, 0
}

// withYear reads the year behind a month or a part of a year, with a comma or a word
// between them.
func (r *reader) withYear(i int) (y, n int) {
	at := i
	if r.at(at).is(",") || r.at(at).is("،") {
		at++
	}
	for k := 0; k < 2 && joining[r.word(at)]; k++ {
		at++
	}
	if y, n = r.year(at); n == 0 {
		if y, n = r.relativeYear(at); n == 0 {
			if y, n = r.relativeYear(i); n == 0 { // العام الماضي: the first word may have been taken for a joining one
				return 0, 0
			}
			at = i
		}
	}
	return y, at + n - i
}

// relativeYear reads last year and this year, behind a month: in October last year.
func (r *reader) relativeYear(i int) (y, n int) {
	at := i
	if w := r.word(at); w == "of" || w == "من" || w == "في" {
		at++
	}
	word, next := r.word(at), r.word(at+1)
	switch {
	case lasts[word] && next == "year", (word == "العام" || word == "السنه") && gone[next]:
		return r.now.Year() - 1, at + 2 - i
	case currents[word] && (next == "year" || next == "العام" || next == "السنه"), (word == "العام" || word == "السنه") && ongoing[next]:
		return r.now.Year(), at + 2 - i
	}
	return 0, 0
}

// monthOf reads a month with its year: May 2024, أيار/مايو ٢٠٢٤.
func (r *reader) monthOf(i int) (p period, n int) {
	at := i
	if w := r.word(at); w == "شهر" || w == "month" && r.word(at+1) == "of" {
		at++
		at = r.past(at, joining)
	}
	m, k := r.monthName(at)
	if m == 0 {
		return p, 0
	}
	y, years := r.withYear(at + k)
	if years == 0 {
		return p, 0
	}
	return r.monthAt(y, m, at-i+k+years)
}

// dayOfMonth reads 5 May 2024, May 5, 2024, the 5th of May 2024 and ٥ من مايو ٢٠٢٤.
func (r *reader) dayOfMonth(i int) (p period, n int) {
	at := r.past(i, articles)
	if d := r.at(at); d.kind == numberToken && d.value >= 1 && d.value <= 31 {
		next := r.ordinalEnd(at + 1)
		next = r.past(next, joining)
		m, k := r.monthName(next)
		if m == 0 {
			return p, 0
		}
		y, years := r.withYear(next + k)
		if years == 0 {
			return p, 0
		}
		return r.dayAt(y, m, d.value, next+k+years-i)
	}
	m, k := r.monthName(at)
	d := r.at(at + k)
	if m == 0 || d.kind != numberToken || d.value < 1 || d.value > 31 || len(d.text) > 2 {
		return p, 0
	}
	next := r.ordinalEnd(at + k + 1)
	y, years := r.withYear(next)
	if years == 0 {
		return p, 0
	}
	return r.dayAt(y, m, d.value, next+years-i)
}

// ordinalEnd skips the letters of 5th.
func (r *reader) ordinalEnd(i int) int {
	switch t := r.at(i); {
	case t.glued && (t.text == "st" || t.text == "nd" || t.text == "rd" || t.text == "th"):
		return i + 1
	}
	return i
}

// bareMonth reads a month without a year: the last one that has begun.
func (r *reader) bareMonth(i int) (p period, n int) {
	at := i
	named := r.word(at) == "شهر"
	if named {
		at++
	}
	m, k := r.monthName(at)
	next := r.at(at + k)
	switch {
	case m == 0, uncertain[r.word(at)] && !named, short[r.word(at)]:
		return p, 0
	case next.kind == numberToken, next.capital && next.kind == wordToken, next.glued && next.dash() && r.at(at+k+1).glued:
		return p, 0 // September 11, May Day
	}
	return whole(month, r.lastMonth(m), false), at + k - i
}

// lastMonth returns the beginning of the last month of this number that has begun.
func (r *reader) lastMonth(m int) time.Time {
	y := r.now.Year()
	if m > int(r.now.Month()) {
		y--
	}
	return time.Date(y, time.Month(m), 1, 0, 0, 0, 0, time.UTC)
}

// quarterOf reads a quarter or a half of a year: Q1 2024, the first quarter of 2024,
// الربع الأول من عام 2024.
func (r *reader) quarterOf(i int) (p period, n int) {
	if y, k := r.year(i); k == 1 && r.word(i+1) == "q" && r.at(i+2).glued && r.at(i+2).kind == numberToken {
		return r.partAt(y, r.at(i+2).value, 4, 3)
	}
	at := r.past(i, articles)
	number, of := 0, 0
	switch word := r.word(at); {
	case word == "q" && r.at(at+1).glued && r.at(at+1).kind == numberToken:
		number, of, at = r.at(at+1).value, 4, at+2
	case ordinals[word] > 0 && r.word(at+1) == "quarter":
		number, of, at = ordinals[word], 4, at+2
	case ordinals[word] > 0 && r.word(at+1) == "half":
		number, of, at = ordinals[word], 2, at+2
	case word == "الربع":
		number, of, at = ordinals[r.word(at+1)], 4, at+2
	case word == "النصف":
		number, of, at = ordinals[r.word(at+1)], 2, at+2
	default:
		return p, 0
	}
	y, k := r.withYear(at)
	if k == 0 {
		return p, 0
	}
	return r.partAt(y, number, of, at+k-i)
}

// partAt returns one of equal parts of a year.
func (r *reader) partAt(y, number, of, n int) (period, int) {
	if number < 1 || number > of {
		return period{}, 0
	}
	from := addMonths(yearOf(y).From, (number-1)*12/of)
	return period{Range{from, addMonths(from, 12/of)}, quarter, true}, n
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
		case len(t.text) == 2 && t.value >= 20 && articles[r.word(i-1)]:
			return decadeAt(1900+t.value, at+k+1-i)
		}
		return p, 0
	}
	word := r.word(at)
	if len(word) > 4 && word[:4] == "ال" {
		word = word[4:]
	} else if decades[word] > 0 && word[0] < 0x80 && !articles[r.word(at-1)] {
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
