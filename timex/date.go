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
	if y, n := r.plainYear(i); n > 0 {
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

// plainYear reads a year that nothing but its place makes one.
func (r *reader) plainYear(i int) (y, n int) {
	if y, n = r.year(i); n == 1 && !r.ends(i+1) {
		return 0, 0
	}
	return y, n
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
	if r.topical(i) {
		return p, 0
	}
	y, n := r.year(i + 1)
	switch {
	case n == 0:
		return p, 0
	case yearPairs[r.word(i)]: // عامي 2020 و2021
		if y, k := r.plainYear(r.joint(i + 1 + n)); k == 0 || y == r.at(i+1).value {
			return p, 0
		}
	case !yearWords[r.word(i)]:
		return p, 0
	}
	return yearOf(y), n + 1
}

// topical reports whether the noun before a token makes the year behind it a name.
func (r *reader) topical(i int) bool {
	return awards[r.word(i-3)] && r.word(i-2) == "of" || topics[r.word(i-1)] || topics[r.word(i-2)] && articles[r.word(i-1)]
}

// span reads a range of years without a word before it: 2003 to 2007.
func (r *reader) span(i int) (p period, n int) {
	first, one := r.plainYear(i)
	if one != 1 || first < earliestSpan || !tos[r.word(i+1)] || r.at(i).glued && !opening(r.at(i-1)) {
		return p, 0
	}
	second, two := r.plainYear(i + 2)
	if two == 0 || second <= first {
		return p, 0
	}
	return period{Range{yearOf(first).From, yearOf(second).Until}, decade, true, false}, 2 + two
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
	if t := r.at(i + 2); two == 0 && t.kind == numberToken && len(t.text) == 2 && t.glued && r.at(i+1).glued { // 1990-91
		second, two = first-first%100+t.value, 1
	}
	switch {
	case second > r.now.Year()+1:
		return p, 0
	case two == 0, second <= first, r.at(i+2+two).dash() && r.at(i+2+two).glued:
		return p, 0
	case !r.ends(i+2+two) && r.word(i+2+two) != "period": // 1500-2000 houses
		return p, 0
	case first < earliestSpan && !introducing[r.word(i-1)]:
		return p, 0
	}
	return period{Range{yearOf(first).From, yearOf(second).Until}, year, true, false}, 2 + two
}
