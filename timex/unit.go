package timex

import "time"

// unit is a unit of the calendar.
type unit uint8

const (
	noUnit unit = iota
	hour
	day
	week
	month
	quarter
	year
	decade
)

// units are the words for units, with the number that a dual says.
var units = map[string]struct {
	unit  unit
	count int
}{
	"fortnight": {week, 2}, "fortnights": {week, 2},
	"hour": {hour, 0}, "hours": {hour, 0}, "day": {day, 0}, "days": {day, 0}, "week": {week, 0}, "weeks": {week, 0}, "month": {month, 0}, "months": {month, 0},
	"quarter": {quarter, 0}, "quarters": {quarter, 0}, "year": {year, 0}, "years": {year, 0}, "decade": {decade, 0}, "decades": {decade, 0},
	"ساعه": {hour, 0}, "ساعات": {hour, 0}, "ساعتين": {hour, 2},
	"يوم": {day, 0}, "يوما": {day, 0}, "ايام": {day, 0}, "يومين": {day, 2},
	"اسبوع": {week, 0}, "اسبوعا": {week, 0}, "اسابيع": {week, 0}, "اسبوعين": {week, 2},
	"شهر": {month, 0}, "شهرا": {month, 0}, "اشهر": {month, 0}, "شهور": {month, 0}, "شهرين": {month, 2},
	"سنه": {year, 0}, "سنوات": {year, 0}, "سنين": {year, 0}, "سنتين": {year, 2},
	"عام": {year, 0}, "عاما": {year, 0}, "اعوام": {year, 0}, "عامين": {year, 2},
	"عقد": {decade, 0}, "عقدا": {decade, 0}, "عقود": {decade, 0}, "عقدين": {decade, 2},
}

// The years that are read.
const (
	earliestYear = 1500
	latestYear   = 9000
	// earliestSpan is the first year of ranges without a word before them.
	earliestSpan = 1800
)

// mostUnits bounds how many units back an expression may go.
const mostUnits = 500

// begin returns the beginning of the unit that contains t.
func begin(u unit, t time.Time) time.Time {
	y, m, d := t.Date()
	switch u {
	case hour:
		return t.Truncate(time.Hour)
	case week: // from Monday (ISO 8601)
		return time.Date(y, m, d-(int(t.Weekday())+6)%7, 0, 0, 0, 0, time.UTC)
	case month:
		return time.Date(y, m, 1, 0, 0, 0, 0, time.UTC)
	case quarter:
		return time.Date(y, m-(m-1)%3, 1, 0, 0, 0, 0, time.UTC)
	case year:
		return time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC)
	case decade:
		return time.Date(y-y%10, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// add returns t moved by n units. A day that the month does not have becomes its last.
func add(u unit, t time.Time, n int) time.Time {
	switch u {
	case hour:
		return t.Add(time.Duration(n) * time.Hour)
	case day:
		return t.AddDate(0, 0, n)
	case week:
		return t.AddDate(0, 0, 7*n)
	case month:
		return addMonths(t, n)
	case quarter:
		return addMonths(t, 3*n)
	case year:
		return addMonths(t, 12*n)
	}
	return addMonths(t, 120*n)
}

func addMonths(t time.Time, n int) time.Time {
	moved := t.AddDate(0, n, 0)
	if moved.Day() != t.Day() {
		moved = moved.AddDate(0, 0, -moved.Day())
	}
	return moved
}

// whole returns the unit that begins at from.
func whole(u unit, from time.Time, dated bool) period {
	return period{Range: Range{from, add(u, from, 1)}, unit: u, dated: dated}
}

// ago returns the unit that contains the moment n units before now.
func (r *reader) ago(u unit, n int) period {
	return whole(u, begin(u, add(u, r.now, -n)), true)
}

// rolling returns the last n units up to the end of the day of now; hours up to now.
func (r *reader) rolling(u unit, n int) period {
	if u == hour {
		return period{Range: Range{add(hour, r.now, -n), r.now}, unit: u, dated: true}
	}
	until := add(day, begin(day, r.now), 1)
	return period{Range: Range{begin(day, add(u, until, -n)), until}, unit: u, dated: true}
}
