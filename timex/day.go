package timex

import "time"

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

// dayOfMonth reads 5 May 2024, May 5, 2024, the 5th of May 2024 and ٥ من مايو ٢٠٢٤.
func (r *reader) dayOfMonth(i int) (p period, n int) {
	at := r.past(i, articles)
	if r.dayNumber(at) {
		last, next := r.days(at)
		next = r.past(next, joining)
		m, k := r.monthName(next)
		if m == 0 {
			return p, 0
		}
		y, years, ok := r.monthYear(next+k, m)
		if !ok {
			return p, 0
		}
		return r.daysAt(y, m, r.at(at).value, last, next+k+years-i)
	}
	if d := r.at(at); d.kind == numberToken && len(d.text) <= 2 && !d.glued { // 32 May 2024
		if _, k := r.monthOf(at + 1); k > 0 {
			return period{void: true}, k + 1 + at - i
		}
	}
	m, k := r.monthName(at)
	if m == 0 || !r.dayNumber(at+k) {
		return p, 0
	}
	last, next := r.days(at + k)
	y, years, ok := r.monthYear(next, m)
	if !ok {
		return p, 0
	}
	return r.daysAt(y, m, r.at(at+k).value, last, next+years-i)
}

// days reads the rest of a day of a month, or of several: 5th, 3-9, 3 and 4.
func (r *reader) days(i int) (last, next int) {
	last, next = r.at(i).value, r.ordinalEnd(i+1)
	if r.at(i).glued && r.at(i-1).dash() {
		return last, next
	}
	for at := r.joint(next); at > next && r.dayNumber(at) && r.at(at).value > last; at = r.joint(next) {
		last, next = r.at(at).value, r.ordinalEnd(at+1)
	}
	return last, next
}

// daysAt returns days of a month. Those that do not exist are passed over, with the month.
func (r *reader) daysAt(y, m, first, last, n int) (period, int) {
	from, one := r.dayAt(y, m, first, n)
	to, two := r.dayAt(y, m, last, n)
	if one == 0 || two == 0 || last < first {
		return period{void: true}, n
	}
	from.Until = to.Until
	return from, n
}

// ordinalEnd skips the letters of 5th.
func (r *reader) ordinalEnd(i int) int {
	switch t := r.at(i); {
	case t.glued && (t.text == "st" || t.text == "nd" || t.text == "rd" || t.text == "th"):
		return i + 1
	}
	return i
}
