package timex

import "strings"

// ends reports whether a bare year or month may stand before a token: the end of a
// clause, a particle, or an Arabic word with the article. Other words make the number a
// count, or the date a name: "in 1500 villages", "in 2019 cases".
func (r *reader) ends(i int) bool {
	t := r.at(i)
	switch {
	case t.kind == markToken:
		return !(t.dash() && t.glued && r.at(i+1).glued && r.at(i+1).kind == numberToken) // 1500-2000 houses
	case t.kind == noToken, onwards[t.text]:
		return true
	case t.kind == numberToken:
		return false
	case t.text == "or":
		return !vague[r.word(i+1)]
	case t.text == "to", t.text == "الي":
		if next := r.at(i + 1); next.kind == numberToken {
			y, _ := r.year(i + 1)
			return y > 0
		}
		return true
	}
	return particles[t.text] || strings.HasPrefix(t.text, "ال") || strings.HasPrefix(t.text, "وال") || strings.HasPrefix(t.text, "بال") || strings.HasPrefix(t.text, "لل")
}

// ratio reports whether the number behind a word is that of a ratio: one in 2000.
func (r *reader) ratio(i int) bool {
	before := r.at(i - 1)
	return r.numeral(i-1) || before.text == "واحد" || before.kind == numberToken && before.value == 1 && !before.glued
}

// rejected reports whether the words before an expression take it back ("not in 2020") or
// make it a bound that says little about it ("by May 2023").
func (r *reader) rejected(i int) bool {
	i = r.pastBack(i-1, articles)
	word, before := r.word(i), r.word(i-1)
	switch {
	case negations[word]:
		return true
	case joints[word]: // last and this year
		return lasts[before] || currents[before]
	case word == "t":
		return r.at(i).glued && (r.at(i-1).is("'") || r.at(i-1).is("’"))
	case word == "than":
		return before == "other" || before == "rather" || before == "later" || before == "earlier"
	case word == "from":
		return before == "apart" || before == "aside"
	case word == "for":
		return before == "except"
	case word == "of":
		return before == "instead"
	}
	return false
}

func (r *reader) pastBack(i int, words map[string]bool) int {
	if words[r.word(i)] {
		return i - 1
	}
	return i
}

// titled reports whether the noun behind an expression makes it a name: the Today show.
func (r *reader) titled(i int) bool { return titles[r.word(i)] }

// masthead reports whether the word before "today" makes it the name of a paper or a
// channel: USA Today, صحيفة المصري اليوم.
func (r *reader) masthead(i int) bool {
	before := r.at(i - 1)
	switch {
	case r.at(i).capital && i > 0 && before.kind == wordToken && before.capital:
		return i > 1 || before.text != "is" // "Today" is a name behind a name
	case media[before.text], media[r.word(i-2)] && before.kind == wordToken:
		return true
	}
	return mastheads[before.text] && !introducing[r.word(i-2)]
}

// measured reports whether a decade is one of an age, a temperature or a score.
func (r *reader) measured(i, end int) bool {
	for k := i - 1; k >= i-6; k-- {
		if measures[r.word(k)] {
			return true
		}
	}
	if measures[r.word(end)] {
		return true
	}
	return (r.word(end) == "من" || r.word(end) == "of") && (strings.HasPrefix(r.word(end+1), "عمر") || measures[r.word(end+1)] || measures[r.word(end+2)])
}

// joint returns the place behind a word or a sign that joins two dates of a list, or i.
func (r *reader) joint(i int) int {
	at := i
	if t := r.at(at); t.is(",") || t.is("،") {
		at++
		if joints[r.word(at)] {
			at++
		}
		return at
	}
	if t := r.at(at); joints[t.text] || t.dash() || t.is("/") {
		return at + 1
	}
	return i
}

func (r *reader) isWeekday(i int) bool {
	_, known := weekdays[r.word(i)]
	return known
}

// also reads what a list adds to a year, a month or a day of the week: in 2019, 2020 and
// 2022; in March and April; May 2023 and 2024. A list whose order says no year names no
// time.
func (r *reader) also(i int, first period) (p period, n int) {
	at := r.joint(i)
	switch {
	case at == i:
		return p, 0
	case first.unit == year:
		if y, k := r.plainYear(at); k > 0 {
			return yearOf(y), at + k - i
		}
	case first.unit == month && joints[r.word(at-1)]:
		if y, k := r.plainYear(at); k > 0 && first.dated { // May 2023 and 2024
			p, n = r.monthAt(y, int(first.From.Month()), k)
		} else if _, k := r.monthOf(at); k == 0 {
			p, n = r.bareMonth(at)
		}
	case first.unit == day && r.isWeekday(i-1):
		p, n = r.weekday(at, true)
	}
	if n == 0 {
		return period{}, 0
	}
	p.void = p.void || !first.From.Before(p.From) || !p.dated && p.From.After(add(year, first.From, 1))
	return p, at + n - i
}
