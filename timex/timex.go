// Package timex finds the time that a question names: "last week", "in May 2024",
// "قبل ثلاثة أيام". It reads English and Arabic by rules, is pure, and needs nothing
// but the standard library. Start with [Read].
//
// The rules follow the reference-time model of TIMEX3 (Pustejovsky et al., ISO-TimeML,
// LREC 2010): an expression has a unit and is anchored at a reference time, and its
// value is a range of the calendar. Only what can be said without guessing is read:
//
//   - A bare year needs a word before it that makes it a time ("in 2020", "عام 2020").
//     "The 1967 war", "Agenda 2030" and "COVID-19" name topics. Behind a bare year come the
//     end of the clause, a particle, or an Arabic word with the article: in "in 1500 villages"
//     the number is a count. "One in 2000" is a ratio.
//   - A day of a month needs its year, because "September 11" is an event. A month
//     without a year is the last one that has begun, and needs such a word too. A day that
//     does not exist (29 February 2023) is not read, and neither is its month.
//   - The year of a list stands behind its last month: "May or June 2023", "3-9 May 2023",
//     "Q1 and Q2 2023". A list is read whole or not at all.
//   - Years are 1500 to the year after the reference time. Hijri dates are not read.
//   - "Last week" is the calendar week before this one, from Monday. "The past week" and
//     "the last seven days" end with the day of the reference time. "مايو الماضي" is the last
//     May that has ended. The last weekend is the Saturday and Sunday before this week.
//   - "Three weeks ago" is the week that contains that moment; so are hours, days, months
//     and years. Numbers may be words up to 500 (twenty-one, خمسة وعشرين). A fortnight is
//     two weeks, half a year six months.
//   - An amount that is only a bound ("more than two years ago"), is vague ("قبل أيام",
//     "سنة ونصف"), or is counted from something else ("قبل عام من الحرب") is not read. An Arabic
//     unit without a number needs the end of the clause or a particle behind it: "قبل شهر
//     رمضان" names a month.
//   - Negated times ("not in 2020") and "by" ("by the end of 2021") are passed over. So are
//     names ("USA Today", "صحيفة المصري اليوم"), the tens of an age or a temperature ("في
//     الستينيات من عمره"), "the twenties", "today's", and what is to come ("May next year").
//   - Seasons, minutes, times of the day, and words such as "recently" and "tomorrow" are not
//     read. "Last night" is yesterday.
//
// Where a rule is in doubt it reads nothing, because a wrong time does more harm than none.
package timex

import (
	"slices"
	"time"
)

// Range is a range of time, half-open, in UTC. One end may be zero: it is open then.
type Range struct{ From, Until time.Time }

// Reading is the time that a text names.
type Reading struct {
	Range
	// Start and End are the bytes of the text from the first expression to the end of
	// the last.
	Start, End int
}

// Read returns the time that a text names, counted from now. If the text has several
// expressions, the range covers them all. It returns false if there are none. Text that
// is not UTF-8 is read as far as it is. The time is linear in the text.
func Read(text string, now time.Time) (Reading, bool) {
	r := &reader{tokens: scan(text), now: now.UTC()}
	if !slices.ContainsFunc(r.tokens, anchor) {
		return Reading{}, false
	}
	if y := r.now.Year(); y < earliestYear || y > latestYear {
		return Reading{}, false
	}
	var found Reading
	some := false
	for i := 0; i < len(r.tokens); {
		p, n := r.expression(i)
		if n == 0 {
			i++
			continue
		}
		for other, k := r.also(i+n, p); k > 0; other, k = r.also(i+n, p) {
			p.Range, p.void, n = hull(p.Range, other.Range), p.void || other.void, n+k
		}
		if p.void || r.rejected(i) {
			i += n
			continue
		}
		first, last := &r.tokens[i], &r.tokens[i+n-1]
		if some {
			found.Range = hull(found.Range, p.Range)
		} else {
			found.Range, found.Start, some = p.Range, first.start, true
		}
		found.End = last.end
		i += n
	}
	if found.From.IsZero() && found.Until.IsZero() {
		return Reading{}, false // such as "before 2010 and since 2015"
	}
	return found, some
}

// hull returns the smallest range that contains both.
func hull(a, b Range) Range {
	if b.From.Before(a.From) { // zero is before every time
		a.From = b.From
	}
	if !a.Until.IsZero() && (b.Until.IsZero() || b.Until.After(a.Until)) {
		a.Until = b.Until
	}
	return a
}

// reader reads the tokens of one text.
type reader struct {
	tokens []token
	now    time.Time
}

// period is what an expression means.
type period struct {
	Range
	unit  unit
	dated bool // the year is written
	void  bool // it names no time after all, and its words are passed over
}

// at returns a token; the zero token is before and behind the text.
func (r *reader) at(i int) token {
	if i < 0 || i >= len(r.tokens) {
		return token{}
	}
	return r.tokens[i]
}

// word returns the text of a word; "" for anything else.
func (r *reader) word(i int) string {
	if t := r.at(i); t.kind == wordToken {
		return t.text
	}
	return ""
}

// expression reads the expression that begins at a token. n is the number of its tokens, 0 if there
// is none.
func (r *reader) expression(i int) (p period, n int) {
	for _, rule := range []func(int) (period, int){r.bounds, r.introduced, r.relative, r.span, func(i int) (period, int) { return r.date(i, false) }} {
		if p, n = rule(i); n > 0 {
			return p, n
		}
	}
	return p, 0
}

// introduced reads a word such as "in" and the date behind it, which may be a bare year
// or month then.
func (r *reader) introduced(i int) (p period, n int) {
	if !introducing[r.word(i)] {
		return p, 0
	}
	at := r.past(i+1, articles)
	if p, n = r.date(at, at == i+1); n == 0 { // "in the 2008 crisis" names a topic
		p, n = r.weekday(at, r.word(i) == "on")
	}
	if n == 0 || p.unit == year && r.number(at) && r.ratio(i) {
		return period{}, 0
	}
	return p, at + n - i
}

func (r *reader) number(i int) bool { return r.at(i).kind == numberToken }

// past returns the place behind a word if it is one of these, otherwise the place itself.
func (r *reader) past(i int, words map[string]bool) int {
	if words[r.word(i)] {
		return i + 1
	}
	return i
}
