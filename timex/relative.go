package timex

import (
	"strings"
	"time"
)

// relative reads an expression that is counted from the reference time.
func (r *reader) relative(i int) (p period, n int) {
	for _, rule := range []func(int) (period, int){r.beforeLast, r.daysBefore, r.lastUnits, r.thisUnit, r.agoEnglish, r.arabicUnit, r.arabicCounted, r.arabicLast, r.lastDay} {
		if p, n = rule(i); n > 0 {
			p.void = r.titled(i+n) || (r.word(i) == "today" || r.word(i) == "اليوم") && r.masthead(i)
			return p, n
		}
	}
	return p, 0
}

// beforeLast reads the week before last, الأسبوع قبل الماضي.
func (r *reader) beforeLast(i int) (p period, n int) {
	at := r.past(i, articles)
	if of := units[r.word(at)]; of.unit > hour && !strings.HasSuffix(r.word(at), "s") && r.word(at+1) == "before" && r.word(at+2) == "last" {
		n = at + 3 - i
		if units[r.word(at+3)] == of {
			n++
		}
		return r.ago(of.unit, 2), n
	}
	word := r.word(i)
	if of := units[strings.TrimPrefix(word, "ال")]; strings.HasPrefix(word, "ال") && of.unit > hour && r.word(i+1) == "قبل" && gone[r.word(i+2)] {
		return r.ago(of.unit, 2), 3
	}
	return p, 0
}

// daysBefore reads today, yesterday, and the day before it.
func (r *reader) daysBefore(i int) (p period, n int) {
	word, next := r.word(i), r.word(i+1)
	switch {
	case word == "the" && next == "day" && r.word(i+2) == "before" && r.word(i+3) == "yesterday":
		return r.ago(day, 2), 4
	case word == "day" && next == "before" && r.word(i+2) == "yesterday":
		return r.ago(day, 2), 3
	case word == "اول" && next == "من" && r.word(i+2) == "امس":
		return r.ago(day, 2), 3
	case word == "اول" && next == "امس":
		return r.ago(day, 2), 2
	case word == "امس" && next == "الاول":
		return r.ago(day, 2), 2
	case word == "قبل" && yesterday[next]: // what the press calls the day before yesterday
		return r.ago(day, 2), 2
	case yesterday[word]:
		return r.ago(day, 1), 1
	case word == "today" && !r.possessive(i+1):
		return r.ago(day, 0), 1
	case word == "last" && (next == "night" || next == "evening") && !articles[r.word(i-1)]:
		return r.ago(day, 1), 2
	case word == "الليله" && gone[next]:
		return r.ago(day, 1), 2
	case word == "اليوم" && !(len(next) >= 4 && next[:4] == "ال") && !wholeDays[r.word(i-1)]: // not اليوم العالمي, nor مرتين في اليوم
		return r.ago(day, 0), 1
	}
	return p, 0
}

// possessive reports the end of today's.
func (r *reader) possessive(i int) bool {
	t := r.at(i)
	return t.glued && (t.is("'") || t.is("’")) && r.word(i+1) == "s"
}

// lastUnits reads last week, the past week, the last three months.
func (r *reader) lastUnits(i int) (p period, n int) {
	at := r.past(i, articles)
	word := r.word(at)
	if !lasts[word] && !pasts[word] {
		return p, 0
	}
	if count, k := r.count(at + 1); k > 0 && pasts[word] && r.word(at+1) != "a" && r.word(at+1) != "an" {
		if of := units[r.word(at+1+k)]; of.unit != noUnit && r.word(at+k+2) != "of" {
			return r.rolling(of.unit, count*max(of.count, 1)), at + k + 2 - i
		}
		return p, 0
	}
	if r.word(at+1) == "weekend" && r.word(at+2) != "of" {
		monday := begin(week, r.now)
		return period{Range{monday.AddDate(0, 0, -2), monday}, day, true, false}, at + 2 - i
	}
	of := units[r.word(at+1)]
	switch {
	case r.word(at+2) == "of", r.andMore(at + 2):
		return p, 0 // the last year of the war
	case months[r.word(at+1)] > 0 && !short[r.word(at+1)] && word == "last" && !articles[r.word(at-1)] && r.monthAlone(at+1, at+2):
		return r.lastMonthNamed(at+1, i)
	case of.unit == noUnit, of.unit == hour && word != "past":
		return p, 0
	case word == "past", of.count > 0:
		return r.rolling(of.unit, max(of.count, 1)), at + 2 - i
	case of.unit == day:
		return p, 0 // the last day
	case i < at && word == "last" && of.unit == decade:
		return r.rolling(decade, 1), at + 2 - i
	}
	return r.ago(of.unit, 1), at + 2 - i
}

// andMore reports whether the words behind a unit make it a vague one: the last year or
// two, the past year and a half.
func (r *reader) andMore(i int) bool {
	next := r.word(i + 1)
	return (r.word(i) == "or" || r.word(i) == "and") && (r.numeral(i+1) || vague[next] || next == "half" || next == "a" && r.word(i+2) == "half")
}

// lastMonthNamed reads last May: the last one that has ended.
func (r *reader) lastMonthNamed(at, i int) (p period, n int) {
	m, k := r.monthName(at)
	if m == 0 {
		return p, 0
	}
	from := r.endedMonth(m)
	return whole(month, from, true), at + k - i
}

// endedMonth returns the beginning of the last month of this number that has ended.
func (r *reader) endedMonth(m int) time.Time {
	from := r.lastMonth(m)
	if !add(month, from, 1).Before(r.now) {
		from = add(year, from, -1)
	}
	return from
}

// thisUnit reads this week, هذا الأسبوع.
func (r *reader) thisUnit(i int) (p period, n int) {
	if !currents[r.word(i)] {
		return p, 0
	}
	word := r.word(i + 1)
	if len(word) > 4 && word[:4] == "ال" {
		word = word[4:]
	} else if word != "" && word[0] >= 0x80 {
		return p, 0
	}
	of := units[word]
	if of.unit == noUnit || of.unit == hour || of.count > 0 || r.word(i) == "this" && (of.unit == day || r.word(i+2) == "of") || r.word(i-1) == "مثل" { // "on this day in 1969"
		return p, 0
	}
	return r.ago(of.unit, 0), 2
}

// agoEnglish reads three days ago.
func (r *reader) agoEnglish(i int) (p period, n int) {
	u, count, n := r.amount(i)
	if n == 0 {
		return p, 0
	}
	switch next := r.word(i + n); {
	case next == "ago" && r.word(i+n+1) == "today":
		return r.ago(u, count), n + 2
	case next == "ago", next == "مضت", next == "مضي":
		return r.ago(u, count), n + 1
	}
	return p, 0
}

// agoArabic reads قبل ثلاثة أيام.
func (r *reader) agoArabic(i int) (p period, n int) {
	if r.word(i) != "قبل" {
		return p, 0
	}
	at := r.past(i+1, around)
	u, count, k := r.amount(at)
	if k == 0 {
		return p, 0
	}
	more, ok := r.complete(at+k, k == 1 && count == 1)
	if !ok {
		return p, 0
	}
	return r.ago(u, count), at + k + more - i
}

// arabicUnit reads الأسبوع الماضي, العام الحالي, الأيام الثلاثة الماضية.
func (r *reader) arabicUnit(i int) (p period, n int) {
	word := r.word(i)
	if len(word) > 6 && word[:2] == "و" && word[2:6] == "ال" {
		word = word[2:]
	}
	if len(word) <= 4 || word[:4] != "ال" {
		return p, 0
	}
	of := units[word[4:]]
	if of.unit == noUnit {
		return p, 0
	}
	next := r.word(i + 1)
	plural := many[word[4:]] || of.count > 0
	switch {
	case r.continued(i + 2):
		return p, 0
	case !plural && gone[next] && ongoing[strings.TrimPrefix(r.word(i+2), "و")]: // العام الماضي والحالي
		p = r.ago(of.unit, 1)
		p.Until = r.ago(of.unit, 0).Until
		return p, 3
	case !plural && gone[next]:
		return r.ago(of.unit, 1), 2
	case !plural && ongoing[next]:
		return r.ago(of.unit, 0), 2
	case !plural && recent[next]:
		return r.rolling(of.unit, 1), 2
	case of.count > 0 && recent[next]:
		return r.rolling(of.unit, of.count), 2
	}
	if !plural {
		return p, 0
	}
	count, k := 0, 1
	switch at := r.at(i + 1); {
	case at.text == "ال" && r.at(i+2).kind == numberToken && r.at(i+2).glued:
		count, k = r.at(i+2).value, 2
	case at.kind == numberToken:
		count = at.value
	case len(next) > 4 && next[:4] == "ال":
		count = max(numbers[next[4:]], tens[next[4:]])
	}
	if count < 1 || count > mostUnits || !recent[r.word(i+1+k)] {
		return p, 0
	}
	return r.rolling(of.unit, count), k + 2
}

// arabicCounted reads الثلاثة أشهر الماضية, الـ24 ساعة الأخيرة.
func (r *reader) arabicCounted(i int) (p period, n int) {
	at := r.past(i, article)
	count, k := r.count(at)
	of := units[r.word(at+k)]
	if k == 0 || of.unit == noUnit || !recent[r.word(at+k+1)] {
		return p, 0
	}
	return r.rolling(of.unit, count), at + k + 2 - i
}

// many are plurals.
var many = set("ساعات ايام اسابيع اشهر شهور سنوات سنين اعوام عقود")

// arabicLast reads آخر ثلاثة أيام.
func (r *reader) arabicLast(i int) (p period, n int) {
	if r.word(i) != "اخر" {
		return p, 0
	}
	u, count, k := r.amount(i + 1)
	next := r.at(i + 1 + k)
	switch {
	case k == 0, count == 1 && u == day, next.text == "من": // the last day, the last week of Ramadan
		return p, 0
	case k == 1 && count == 1 && next.kind != noToken && next.kind != markToken: // آخر شهر في السنة
		return p, 0
	}
	return r.rolling(u, count), k + 1
}

// lastDay reads last Monday, يوم الاثنين الماضي.
func (r *reader) lastDay(i int) (p period, n int) {
	if r.word(i) == "last" {
		if _, known := weekdays[r.word(i+1)]; known {
			p, _ = r.weekday(i+1, true)
			return p, 2
		}
	}
	at := i
	if r.word(at) == "يوم" {
		at++
	}
	if _, known := weekdays[r.word(at)]; known && gone[r.word(at+1)] {
		p, _ = r.weekday(at, true)
		return p, at + 2 - i
	}
	return p, 0
}

// weekday reads the name of a day: the last one before today.
func (r *reader) weekday(i int, allowed bool) (p period, n int) {
	number, known := weekdays[r.word(i)]
	if next := r.at(i + 1); !known || !allowed || next.kind == wordToken && next.capital { // Saturday Night Live
		return p, 0
	}
	if next := r.at(i + 1); next.kind == numberToken || next.is(",") && r.number(i+2) { // on Monday, 13 May 2024
		return p, 0
	} else if next.kind == wordToken && !r.ends(i+1) && !gone[next.text] && !dayParts[next.text] { // the Friday prayer
		return p, 0
	}
	back := (int(r.now.Weekday()) - number + 7) % 7
	if back == 0 {
		back = 7
	}
	return r.ago(day, back), 1
}
