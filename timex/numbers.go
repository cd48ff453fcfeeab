package timex

import "strings"

// count reads a number: digits, or words for it. n is 0 if there is none, or if it is
// only the end of a longer one.
func (r *reader) count(i int) (count, n int) {
	if r.partial(i) {
		return 0, 0
	}
	t := r.at(i)
	switch {
	case t.kind == numberToken:
		if t.value < 1 || r.at(i+1).is(".") {
			return 0, 0
		}
		count, n = t.value, 1
	case t.kind != wordToken:
		return 0, 0
	case t.text[0] < 0x80:
		count, n = r.englishNumber(i)
	default:
		count, n = r.arabicNumber(i)
	}
	if count > mostUnits {
		return 0, 0
	}
	return count, n
}

// partial reports whether a longer number or a bound ends with the number at a token:
// 2.5 years, 1,200 days, three or four days, half a year, more than two years.
func (r *reader) partial(i int) bool {
	t, before, first := r.at(i), r.at(i-1), r.at(i-2)
	if before.kind == markToken {
		number := first.kind == numberToken || r.numeral(i-2)
		return number && (before.dash() || before.is("/") || before.glued && t.glued) || t.glued && t.kind == numberToken && !opening(before)
	}
	switch word := before.text; {
	case before.kind != wordToken:
		return false
	case r.numeral(i - 1), limits[word], word == "half", word == "نصف":
		return true
	case word == "of":
		return fractions[first.text]
	case word == "من":
		return first.text == "اكثر" || first.text == "اقل"
	case joints[word]:
		return first.kind == numberToken && len(first.text) < 4 || r.numeral(i-2) || units[first.text].unit != noUnit
	}
	return false
}

// numeral reports whether a token is a word of a number other than "a".
func (r *reader) numeral(i int) bool {
	word := r.word(i)
	return word != "a" && word != "an" && (numbers[word] > 0 || tens[word] > 0 || large[word])
}

// englishNumber reads twelve, twenty-one, a hundred and five.
func (r *reader) englishNumber(i int) (count, n int) {
	if count, n = r.belowHundred(i); n == 0 || count > 9 || r.word(i+n) != "hundred" {
		return count, n
	}
	count, n = 100*count, n+1
	at := i + n
	if r.word(at) == "and" {
		at++
	}
	if rest, k := r.belowHundred(at); k > 0 && r.numeral(at) {
		count, n = count+rest, at+k-i
	}
	return count, n
}

func (r *reader) belowHundred(i int) (count, n int) {
	word := r.word(i)
	if numbers[word] > 0 {
		return numbers[word], 1
	}
	if tens[word] == 0 {
		return 0, 0
	}
	at := i + 1
	if r.at(at).dash() {
		at++
	}
	if one := numbers[r.word(at)]; one > 0 && one < 10 && r.numeral(at) {
		return tens[word] + one, at + 1 - i
	}
	return tens[word], 1
}

// arabicNumber reads ثلاثة, أحد عشر, خمسة وعشرين and مئة.
func (r *reader) arabicNumber(i int) (count, n int) {
	word := strings.TrimPrefix(r.word(i), "ال")
	one := numbers[word]
	if tens[word] > 0 {
		return tens[word], 1
	}
	if one == 10 {
		return one, 1
	}
	ones := max(one, compoundOnes[word])
	if ones == 0 {
		return 0, 0
	}
	next := strings.TrimPrefix(r.word(i+1), "ال")
	switch {
	case numbers[next] == 10:
		return ones + 10, 2
	case next == "و":
		if ten := tens[strings.TrimPrefix(r.word(i+2), "ال")]; ten > 0 && ten < 100 {
			return ones + ten, 3
		}
	case strings.HasPrefix(next, "و"):
		if ten := tens[strings.TrimPrefix(next[len("و"):], "ال")]; ten > 0 && ten < 100 {
			return ones + ten, 2
		}
	}
	if one == 0 {
		return 0, 0 // أحد الأيام
	}
	return one, 1
}

// amount reads a number of units: three days, ثلاثة أيام, أسبوعين, a week, half a year.
func (r *reader) amount(i int) (u unit, count, n int) {
	if r.word(i) == "half" && (r.word(i+1) == "a" || r.word(i+1) == "an") && !r.partial(i) {
		return r.half(r.word(i+2), 3)
	}
	if r.word(i) == "نصف" {
		return r.half(r.word(i+1), 2)
	}
	if count, n = r.count(i); n > 0 {
		of := units[r.word(i+n)]
		if of.unit == noUnit || r.continued(i+n+1) {
			return noUnit, 0, 0
		}
		return of.unit, count * max(of.count, 1), n + 1
	}
	word := r.word(i)
	of := units[word]
	if of.unit == noUnit || word[0] < 0x80 || many[word] || r.continued(i+1) { // "قبل أيام" is vague
		return noUnit, 0, 0
	}
	return of.unit, max(of.count, 1), 1
}

// half reads the unit behind "half a".
func (r *reader) half(word string, n int) (u unit, count, k int) {
	switch units[word].unit {
	case year:
		return month, 6, n
	case decade:
		return year, 5, n
	}
	return noUnit, 0, 0
}

// continued reports whether an amount goes on: سنة ونصف, سنة وشهرين, سنتين أو ثلاث.
func (r *reader) continued(i int) bool {
	word := r.word(i)
	joined := word == "و" || word == "او"
	if joined {
		word = r.word(i + 1)
		if r.at(i+1).kind == numberToken && units[r.word(i+2)].unit != noUnit {
			return true
		}
	} else if joined = strings.HasPrefix(word, "و"); joined {
		word = word[len("و"):]
	}
	return joined && (units[word].unit != noUnit || numbers[word] > 0 || tens[word] > 0 || rests[word])
}

// complete returns how many tokens behind an Arabic amount belong to it (واحد, من الآن),
// and whether it counts from the reference time at all: "قبل عام من الحرب" and "قبل شهر
// رمضان" do not. A unit without a number needs the end of the clause or a particle.
func (r *reader) complete(i int, bare bool) (n int, ok bool) {
	if one := r.word(i); bare && (one == "واحد" || one == "واحده" || one == "كامل" || one == "كامله") {
		more, ok := r.complete(i+1, false)
		return more + 1, ok
	}
	switch word := r.word(i); {
	case word == "من":
		return 2, nows[r.word(i+1)] || r.word(i+1) == "الزمن" || r.word(i+1) == "الزمان"
	case word == "علي":
		return 0, false
	case bare:
		t := r.at(i)
		return 0, t.kind == noToken || t.kind == markToken || particles[word]
	}
	return 0, true
}
