package timex

// relative reads an expression that is counted from the reference time.
func (r *reader) relative(i int) (p period, n int) {
	for _, rule := range []func(int) (period, int){r.daysBefore, r.lastUnits, r.thisUnit, r.agoEnglish, r.arabicUnit, r.arabicLast, r.lastDay} {
		if p, n = rule(i); n > 0 {
			return p, n
		}
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
	case yesterday[word] && !r.possessive(i+1):
		return r.ago(day, 1), 1
	case word == "today" && !r.possessive(i+1):
		return r.ago(day, 0), 1
	case word == "اليوم" && !(len(next) >= 4 && next[:4] == "ال") && r.word(i-1) != "في": // not اليوم العالمي, nor مرتين في اليوم
		return r.ago(day, 0), 1
	}
	return p, 0
}

// possessive reports the end of today's.
func (r *reader) possessive(i int) bool {
	t := r.at(i)
	return t.glued && (t.is("'") || t.is("’")) && r.word(i+1) == "s"
}

// count reads a number: digits, or a word for it. n is 0 if there is none.
func (r *reader) count(i int) (count, n int) {
	t := r.at(i)
	switch {
	case t.kind == numberToken && t.value > 0 && t.value <= mostUnits && !r.at(i+1).is("."):
		return t.value, 1
	case t.kind != wordToken:
		return 0, 0
	case numbers[t.text] > 0:
		return numbers[t.text], 1
	case tens[t.text] > 0:
		return tens[t.text], 1
	}
	return 0, 0
}

// amount reads a number of units: three days, ثلاثة أيام, أسبوعين, a week.
func (r *reader) amount(i int) (u unit, count, n int) {
	if count, n = r.count(i); n > 0 {
		if of := units[r.word(i+n)]; of.unit != noUnit {
			return of.unit, count, n + 1
		}
		return noUnit, 0, 0
	}
	of := units[r.word(i)]
	if of.unit == noUnit || r.word(i)[0] < 0x80 {
		return noUnit, 0, 0
	}
	return of.unit, max(of.count, 1), 1
}

// lastUnits reads last week, the past week, the last three months.
func (r *reader) lastUnits(i int) (p period, n int) {
	at := r.past(i, articles)
	word := r.word(at)
	if !lasts[word] && !pasts[word] {
		return p, 0
	}
	if count, k := r.count(at + 1); k > 0 && pasts[word] && r.word(at+1) != "a" && r.word(at+1) != "an" {
		if of := units[r.word(at+1+k)]; of.unit != noUnit {
			return r.rolling(of.unit, count), at + k + 2 - i
		}
	}
	of := units[r.word(at+1)]
	switch {
	case r.word(at+2) == "of":
		return p, 0 // the last year of the war
	case months[r.word(at+1)] > 0 && !short[r.word(at+1)] && word == "last":
		return r.lastMonthNamed(at+1, i)
	case of.unit == noUnit, of.unit == hour && word != "past":
		return p, 0
	case word == "past":
		return r.rolling(of.unit, 1), at + 2 - i
	case of.unit == day:
		return p, 0 // the last day
	case i < at && word == "last" && of.unit == decade:
		return r.rolling(decade, 1), at + 2 - i
	}
	return r.ago(of.unit, 1), at + 2 - i
}

// lastMonthNamed reads last May: the last one that has ended.
func (r *reader) lastMonthNamed(at, i int) (p period, n int) {
	m, k := r.monthName(at)
	if m == 0 {
		return p, 0
	}
	from := r.lastMonth(m)
	if !add(month, from, 1).Before(r.now) {
		from = add(year, from, -1)
	}
	return whole(month, from, true), at + k - i
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
	if of.unit == noUnit || of.unit == hour || of.count > 0 || r.word(i) == "this" && r.word(i+2) == "of" {
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
	if u, count, k := r.amount(i + 1); k > 0 && u != hour {
		return r.ago(u, count), k + 1
	}
	return p, 0
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

// many are plurals.
var many = set("ساعات ايام اسابيع اشهر شهور سنوات سنين اعوام عقود")

// arabicLast reads آخر ثلاثة أيام.
func (r *reader) arabicLast(i int) (p period, n int) {
	if r.word(i) != "اخر" {
		return p, 0
	}
	u, count, k := r.amount(i + 1)
	if k == 0 || count == 1 && u == day {
		return p, 0 // the last day
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
	back := (int(r.now.Weekday()) - number + 7) % 7
	if back == 0 {
		back = 7
	}
	return r.ago(day, back), 1
}
