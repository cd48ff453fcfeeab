package timex

import "time"

// bounds reads an expression with a word for its bounds: between, from, since, after,
// before, until.
func (r *reader) bounds(i int) (p period, n int) {
	word := r.word(i)
	switch {
	case betweens[word]:
		return r.between(i)
	case froms[word]:
		return r.from(i)
	case sinces[word]:
		if p, n = r.both(i, r.past(i+1, articles), tos); n > 0 { // منذ 2019 حتى 2021
			return p, n
		}
		if p, n = r.point(i + 1); n == 0 {
			at := r.past(i+1, around)
			if u, count, k := r.amount(at); k > 0 {
				if more, ok := r.complete(at+k, k == 1 && count == 1); ok {
					p, n = r.rolling(u, count), at+k+more-i-1
				}
			}
		}
		p.Until = time.Time{}
	case word == "starting" || word == "as" || word == "ابتداء" || word == "اعتبارا":
		if next := r.word(i + 1); next != "from" && next != "in" && next != "من" && next != "of" {
			return p, 0
		}
		if p, n = r.point(i + 2); n == 0 {
			return p, 0
		}
		p.Until, n = time.Time{}, n+1
	case afters[word]:
		p, n = r.point(i + 1)
		p.From, p.Until = p.Until, time.Time{}
	case befores[word], word == "prior" && r.word(i+1) == "to":
		skip := 1
		if word == "prior" {
			skip = 2
		}
		if r.weekdayAt(i+skip) || word == "قبل" && yesterday[r.word(i+1)] {
			return p, 0
		}
		p, n = r.point(i + skip)
		p.From, p.Until, n = time.Time{}, p.From, n+skip-1
		if n < skip {
			return r.agoArabic(i)
		}
	case untils[word], word == "up" && r.word(i+1) == "to":
		skip := 1
		if word == "up" {
			skip = 2
			if _, _, k := r.amount(i + skip); k > 0 { // up to three years ago
				return period{void: true}, skip + k
			}
		}
		if p, n = r.point(i + skip); n == 0 || r.weekdayAt(i+skip) {
			return period{}, 0
		}
		p.From, n = time.Time{}, n+skip-1
	default:
		return p, 0
	}
	if n == 0 {
		return period{}, 0
	}
	return p, n + 1
}

// point reads a date or a relative expression; bare years and months are dates here.
func (r *reader) point(i int) (p period, n int) {
	at := r.past(i, articles)
	loose := at == i
	if _, named := weekdays[r.word(at+1)]; r.word(at) == "يوم" && (named || r.dayNumber(at+1)) {
		at++
	}
	if p, n = r.date(at, loose); n == 0 {
		if p, n = r.relative(at); n == 0 {
			p, n = r.weekday(at, true)
		}
	}
	if n == 0 || p.void {
		return period{}, 0
	}
	return p, at + n - i
}

// weekdayAt reports whether a bound is a day of the week, which may be the next one.
func (r *reader) weekdayAt(i int) bool {
	at := r.past(r.past(i, articles), dayWord)
	_, known := weekdays[r.word(at)]
	return known && !gone[r.word(at+1)]
}

// between reads between March and June 2023, بين عامي 2010 و2015.
func (r *reader) between(i int) (p period, n int) {
	at := r.past(r.past(i+1, articles), pairs)
	return r.both(i, at, ands)
}

// from reads from 2010 to 2015, من مارس إلى يونيو ٢٠٢٣, from 2020 onwards.
func (r *reader) from(i int) (p period, n int) {
	if changes[r.word(i-1)] { // it rose from 1900 to 2000
		if _, n = r.both(i, i+1, tos); n > 0 {
			return period{void: true}, n
		}
	}
	at := r.past(i+1, articles)
	if p, n = r.both(i, at, tos); n > 0 {
		return p, n
	}
	if p, k := r.point(at); k > 0 && onwards[r.word(at+k)] {
		p.Until = time.Time{}
		return p, at + k + 1 - i
	}
	return period{}, 0
}

// both reads two points with a word or a dash between them. A month without a year has
// that of the other one.
func (r *reader) both(i, at int, joiners map[string]bool) (p period, n int) {
	first, k := r.point(at)
	if k == 0 {
		return p, 0
	}
	at += k
	switch word := r.word(at); {
	case word == "و" && tos[r.word(at+1)] && joiners["to"]: // من 2019 وحتى 2021
		at += 2
	case joiners[word], r.at(at).dash():
		at++
	case len(word) > 2 && word[:2] == "و" && joiners["و"]: // a part of the next word, which its reading skips
	default:
		return p, 0
	}
	at = r.past(at, articles)
	if nows[r.word(at)] && !joiners["and"] {
		return period{Range{From: first.From}, first.unit, true, false}, at + 1 - i
	}
	at = r.past(at, pairs)
	second, k := r.point(at)
	if k == 0 {
		return p, 0
	}
	if first.unit == month && second.unit == month && !first.dated && !second.dated {
		second = whole(month, r.lastMonth(int(second.From.Month())), false)
		if second.From.Before(first.From) {
			second = whole(month, add(year, second.From, 1), false)
		}
	}
	if first.unit == month && !first.dated {
		m := first.From.Month()
		y := second.From.Year()
		if time.Date(y, m, 1, 0, 0, 0, 0, time.UTC).After(second.From) {
			y--
		}
		first.From = time.Date(y, m, 1, 0, 0, 0, 0, time.UTC)
	}
	if !first.From.Before(second.Until) {
		return p, 0
	}
	return period{Range{first.From, second.Until}, second.unit, true, false}, at + k - i
}
