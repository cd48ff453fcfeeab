package timex

import "time"

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
	if m == 0 || r.named(at, k) {
		return p, 0
	}
	y, years, ok := r.monthYear(at+k, m)
	if !ok || years == 0 && !r.monthAlone(at, at+k) {
		return p, 0
	}
	return r.monthAt(y, m, at-i+k+years)
}

// named reports whether a month is a person: Theresa May in 2019.
func (r *reader) named(i, n int) bool {
	before := r.at(i - 1)
	if word := r.word(i); !nameMonths[word] || before.kind != wordToken || r.word(i) == "may" && before.text == "theresa" {
		return before.text == "theresa"
	}
	_, part := parts[before.text]
	return before.capital && r.at(i).capital && r.word(i+n) == "in" && !part && !introducing[before.text] && !articles[before.text] && !joints[before.text]
}

// monthYear returns the year of a month that ends before a token: the one behind it, that
// of "الماضي", or that of the next month of a list, with no tokens then.
func (r *reader) monthYear(i, m int) (y, n int, ok bool) {
	if y, n = r.withYear(i); n > 0 {
		return y, n, true
	}
	switch word := r.word(i); {
	case gone[word]:
		return r.endedMonth(m).Year(), 1, true
	case ongoing[word] && m == int(r.now.Month()):
		return r.now.Year(), 1, true
	}
	y = r.borrowed(i, m, 0)
	return y, 0, y > 0
}

// borrowed returns the year of a list of months, which stands behind a later one: May or
// June 2023, 28 May and 3 June 2023. 0: there is none.
func (r *reader) borrowed(i, m, depth int) int {
	at := r.joint(i)
	if at == i || depth > 12 {
		return 0
	}
	at = r.past(r.past(at, introducing), articles)
	if r.dayNumber(at) {
		at = r.past(r.ordinalEnd(at+1), joining)
	}
	other, k := r.monthName(at)
	if other == 0 {
		return 0
	}
	at += k
	if r.dayNumber(at) {
		at = r.ordinalEnd(at + 1)
	}
	y, n := r.withYear(at)
	if n == 0 {
		y = r.borrowed(at, other, depth+1)
	}
	if y > 0 && m > other {
		y--
	}
	return y
}

func (r *reader) dayNumber(i int) bool {
	t := r.at(i)
	return t.kind == numberToken && t.value >= 1 && t.value <= 31 && len(t.text) <= 2
}

// monthAlone reports whether a word that is also no month (may, march, آب) is one here.
func (r *reader) monthAlone(i, end int) bool {
	word := r.word(i)
	switch {
	case word == "may", word == "march":
		return r.at(i).capital || (introducing[r.word(i-1)] || lasts[r.word(i-1)] || betweens[r.word(i-1)] || froms[r.word(i-1)]) && r.ends(end)
	}
	return !uncertain[word]
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
	case m == 0, !r.monthAlone(at, at+k) && !named, short[r.word(at)]:
		return p, 0
	case r.upcoming(at + k):
		return period{void: true}, at + k - i
	case next.kind == numberToken, next.capital && next.kind == wordToken, next.glued && next.dash() && r.at(at+k+1).glued:
		return p, 0 // September 11, May Day
	}
	return whole(month, r.lastMonth(m), false), at + k - i
}

// upcoming reports whether a month is one to come: May next year, مايو المقبل.
func (r *reader) upcoming(i int) bool {
	for k := 0; k < 3 && (joining[r.word(i)] || r.word(i) == "the"); k++ {
		i++
	}
	return comings[r.word(i)]
}

// lastMonth returns the beginning of the last month of this number that has begun.
func (r *reader) lastMonth(m int) time.Time {
	y := r.now.Year()
	if m > int(r.now.Month()) {
		y--
	}
	return time.Date(y, time.Month(m), 1, 0, 0, 0, 0, time.UTC)
}
