package format

import (
	"strconv"
	"strings"
	"time"
	"unicode"
)

// layouts are the dates that are understood in one way only.
var layouts = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04:05Z07:00",
	"2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05 -0700 MST", "2006-01-02 15:04", "2006-01-02", "2006/01/02", "2006/01/02 15:04:05", "2006/01/02 15:04", "20060102", "2006-01", "2006",
	time.RFC1123Z, time.RFC1123, time.RFC850, time.ANSIC, time.UnixDate, "Mon, 2 Jan 2006 15:04:05 -0700", "Mon, 2 Jan 2006 15:04:05 MST",
	"January 2, 2006", "January 2 2006", "2 January 2006", "Jan 2, 2006", "2 Jan 2006", "Jan. 2, 2006", "Monday, January 2, 2006", "Monday, 2 January 2006", "2 January, 2006",
	"January 2, 2006 15:04", "2 January 2006 15:04", "January 2, 2006 3:04 PM", "Jan 2, 2006 3:04 PM",
}

// Years between which a date is taken for one of the Islamic calendars, and under
// which none is a date of publication.
const (
	firstHijri = 1200
	lastHijri  = 1500
)

// Date reads a date; without a zone it is UTC. Where it cannot be sure it returns
// the zero time and warns: a day and a month that may be the other way round, a
// year of the Islamic calendars, anything that is not a date.
func (in *Input) Date(s string) time.Time {
	t, problem := ReadDate(s)
	if problem != "" {
		in.Warn("%s; it was left out", problem)
	}
	return t
}

// ReadDate is [Input.Date] for callers that word their own warning: problem begins a
// sentence that says why t is zero; "" where it is a date or s is empty.
func ReadDate(s string) (t time.Time, problem string) {
	s = strings.Join(strings.Fields(westernDigits(s)), " ")
	if s == "" {
		return t, ""
	}
	if strings.Contains(s, "هـ") || strings.HasSuffix(s, " AH") || strings.HasSuffix(s, " ه") || hasHijriMonth(s) {
		return t, "the date " + quotedDate(s) + "is of the Islamic calendar"
	}
	s = arabicMonths(s)
	for _, layout := range layouts {
		parsed, err := time.Parse(layout, s)
		if err != nil {
			continue
		}
		return plausibleDate(parsed.UTC(), s)
	}
	if day, month, year, rest, ok := threeNumbers(s); ok && (day <= 12 || month <= 12) {
		switch {
		case day > 12 && month <= 12 || day == month:
		case month > 12 && day <= 12:
			day, month = month, day
		case strings.Contains(s[:min(len(s), 6)], "."): // 11.02.2024 is written with the day first
		default:
			return t, "the date " + quotedDate(s) + "may be of either month"
		}
		parsed := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
		if parsed.Day() != day || parsed.Month() != time.Month(month) {
			return t, "the date " + quotedDate(s) + "does not exist"
		}
		for _, layout := range []string{"15:04:05", "15:04", "3:04 PM"} {
			if clock, err := time.Parse(layout, rest); err == nil {
				parsed = parsed.Add(time.Duration(clock.Hour())*time.Hour + time.Duration(clock.Minute())*time.Minute + time.Duration(clock.Second())*time.Second)
			}
		}
		return plausibleDate(parsed, s)
	}
	return t, "the date " + quotedDate(s) + "was not understood"
}

func plausibleDate(t time.Time, s string) (time.Time, string) {
	switch {
	case t.Year() >= firstHijri && t.Year() <= lastHijri:
		return time.Time{}, "the date " + quotedDate(s) + "reads as one of the Islamic calendar"
	case t.Year() < firstHijri || t.Year() > 9999:
		return time.Time{}, "the date " + quotedDate(s) + "has no plausible year"
	}
	return t, ""
}

// quotedDate repeats a date in a warning, if it is one: a warning holds no text.
func quotedDate(s string) string {
	if len(s) > 30 || strings.Trim(s, "0123456789-/.:+TZ ") != "" {
		return ""
	}
	return strconv.Quote(s) + " "
}

// threeNumbers reads day, month and year in that order, with what follows them.
func threeNumbers(s string) (day, month, year int, rest string, ok bool) {
	date, rest, _ := strings.Cut(strings.Replace(s, "T", " ", 1), " ")
	parts := strings.FieldsFunc(date, func(r rune) bool { return r == '/' || r == '.' || r == '-' })
	if len(parts) != 3 || len(parts[0]) > 2 || len(parts[1]) > 2 || len(parts[2]) != 4 {
		return 0, 0, 0, "", false
	}
	var numbers [3]int
	for i, p := range parts {
		n, err := strconv.Atoi(p)
		if err != nil || n < 1 {
			return 0, 0, 0, "", false
		}
		numbers[i] = n
	}
	return numbers[0], numbers[1], numbers[2], rest, numbers[0] <= 31 && numbers[1] <= 31
}

// westernDigits writes Arabic and Persian digits as 0 to 9, and drops marks of
// direction.
func westernDigits(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '٠' && r <= '٩':
			return '0' + r - '٠'
		case r >= '۰' && r <= '۹':
			return '0' + r - '۰'
		case unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, s)
}

// gregorianMonths are the Arabic names of the months, as both halves of the Arab
// world say them.
var gregorianMonths = [][]string{
	{"كانون الثاني", "يناير"},
	{"شباط", "فبراير"},
	{"آذار", "مارس"},
	{"نيسان", "أبريل", "ابريل", "إبريل"},
	{"أيار", "ايار", "مايو"},
	{"حزيران", "يونيو", "يونيه"},
	{"تموز", "يوليو", "يوليه"},
	{"آب", "أغسطس", "اغسطس"},
	{"أيلول", "ايلول", "سبتمبر"},
	{"تشرين الأول", "تشرين الاول", "أكتوبر", "اكتوبر"},
	{"تشرين الثاني", "نوفمبر"},
	{"كانون الأول", "كانون الاول", "ديسمبر"},
}

// arabicMonths writes an Arabic month as an English one: "2 January 2006".
func arabicMonths(s string) string {
	for i, names := range gregorianMonths {
		for _, name := range names {
			before, after, found := strings.Cut(s, name)
			if !found {
				continue
			}
			after = strings.Trim(after, " ،,/")
			before = strings.TrimSpace(before)
			if at := strings.LastIndexAny(before, " ،"); at >= 0 { // the weekday
				before = strings.TrimLeft(before[at:], " ،")
			}
			return before + " " + time.Month(i+1).String() + " " + after
		}
	}
	return s
}

func hasHijriMonth(s string) bool {
	for _, name := range []string{"محرم", "صفر", "ربيع", "جمادى", "رجب", "شعبان", "رمضان", "شوال", "ذو القعدة", "ذو الحجة", "ذي القعدة", "ذي الحجة", "Ramadan", "Muharram", "Shawwal", "Rajab"} {
		if strings.Contains(s, name) {
			return true
		}
	}
	return false
}
