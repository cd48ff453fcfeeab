package claims

import (
	"regexp"
	"strconv"
	"strings"

	"dalil/corpus"
	"dalil/lexical"
)

// fact is a number or a month in a sentence.
type fact struct {
	kind  corpus.MismatchKind
	value float64 // of a number; of a month 1 to 12, of a month of the Hijri calendar 101 to 112
	bare  float64 // of a number, without million and the like
	span  corpus.Span
	loose bool // it only confirms: an ordinal, a small number in words, a word that may mean something else
}

// extractor finds the facts of a sentence.
type extractor struct {
	analyzer *lexical.Analyzer
	numbers  map[string]number // by folded word
	months   map[string]float64
}

// number is what a word adds to a number, or multiplies it by.
type number struct {
	value   float64
	scale   bool
	ordinal bool
}

// Names of the months, of January or Muharram on, in all spellings that are common.
var months = [...][]string{
	{"january", "jan", "يناير", "كانون الثاني", "جانفي"},
	{"february", "feb", "فبراير", "شباط", "فيفري"},
	{"march", "مارس", "آذار"},
	{"april", "apr", "أبريل", "إبريل", "نيسان", "أفريل"},
	{"may", "مايو", "أيار", "ماي"},
	{"june", "يونيو", "يونيه", "حزيران", "جوان"},
	{"july", "يوليو", "يوليه", "تموز", "جويلية"},
	{"august", "aug", "أغسطس", "آب", "أوت"},
	{"september", "sept", "سبتمبر", "أيلول"},
	{"october", "oct", "أكتوبر", "تشرين الأول"},
	{"november", "nov", "نوفمبر", "تشرين الثاني"},
	{"december", "dec", "ديسمبر", "كانون الأول"},
}

var hijriMonths = [...][]string{
	{"muharram", "محرم"},
	{"safar", "صفر"},
	{"rabi i", "ربيع الأول"},
	{"rabi ii", "ربيع الآخر", "ربيع الثاني"},
	{"jumada i", "جمادى الأولى"},
	{"jumada ii", "جمادى الآخرة", "جمادى الثانية"},
	{"rajab", "رجب"},
	{"shaban", "sha ban", "شعبان"},
	{"ramadan", "رمضان"},
	{"shawwal", "shawwāl", "شوال"},
	{"dhu al qadah", "ذو القعدة", "ذي القعدة"},
	{"dhu al hijjah", "ذو الحجة", "ذي الحجة"},
}

// ambiguous are months that are also other words: they need a number beside them.
var ambiguous = []string{"may", "march", "jan", "مارس", "آب", "ماي", "صفر", "رجب", "شعبان", "محرم"}

var cardinals = map[string]float64{
	"three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
	"fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
	"seventy": 70, "eighty": 80, "ninety": 90, "one": 1, "two": 2, "dozen": 12,
	"واحد": 1, "واحدة": 1, "إحدى": 1, "أحد": 1, "اثنان": 2, "اثنين": 2, "اثنا": 2, "اثني": 2, "اثنتا": 2, "اثنتي": 2, "اثنتان": 2, "اثنتين": 2,
	"ثلاث": 3, "ثلاثة": 3, "أربع": 4, "أربعة": 4, "خمس": 5, "خمسة": 5, "ست": 6, "ستة": 6, "سبع": 7, "سبعة": 7, "ثمان": 8, "ثماني": 8, "ثمانية": 8, "تسع": 9, "تسعة": 9,
	"عشر": 10, "عشرة": 10, "عشرون": 20, "عشرين": 20, "ثلاثون": 30, "ثلاثين": 30, "أربعون": 40, "أربعين": 40, "خمسون": 50, "خمسين": 50, "ستون": 60, "ستين": 60,
	"سبعون": 70, "سبعين": 70, "ثمانون": 80, "ثمانين": 80, "تسعون": 90, "تسعين": 90, "مئة": 100, "مائة": 100, "مئتان": 200, "مئتين": 200, "مائتان": 200, "مائتين": 200,
	"ثلاثمئة": 300, "ثلاثمائة": 300, "أربعمئة": 400, "أربعمائة": 400, "خمسمئة": 500, "خمسمائة": 500, "ستمئة": 600, "ستمائة": 600, "سبعمئة": 700, "سبعمائة": 700,
	"ثمانمئة": 800, "ثمانمائة": 800, "تسعمئة": 900, "تسعمائة": 900, "ألفان": 2000, "ألفين": 2000, "مليونان": 2e6, "مليوني": 2e6, "مليونين": 2e6, "ملياري": 2e9, "مليارين": 2e9,
}

var scales = map[string]float64{
	"hundred": 100, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "hundreds": 100, "thousands": 1e3, "millions": 1e6, "billions": 1e9,
	"m": 1e6, "mn": 1e6, "bn": 1e9, "k": 1e3, "tn": 1e12, "ألف": 1e3, "آلاف": 1e3, "ألفا": 1e3, "مليون": 1e6, "ملايين": 1e6, "مليونا": 1e6,
	"مليار": 1e9, "مليارات": 1e9, "مليارا": 1e9, "بليون": 1e9, "تريليون": 1e12, "تريليونات": 1e12,
}

var ordinals = map[string]float64{
	"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12,
	"twentieth": 20, "half": .5, "quarter": .25, "double": 2, "twice": 2, "both": 2, "pair": 2, "decade": 10, "century": 100,
	"الأول": 1, "الأولى": 1, "الثاني": 2, "الثانية": 2, "الثالث": 3, "الثالثة": 3, "الرابع": 4, "الرابعة": 4, "الخامس": 5, "الخامسة": 5, "السادس": 6, "السادسة": 6,
	"السابع": 7, "السابعة": 7, "الثامن": 8, "الثامنة": 8, "التاسع": 9, "التاسعة": 9, "العاشر": 10, "العاشرة": 10, "الحادي": 1, "الحادية": 1, "نصف": .5, "ربع": .25, "ثلث": 1. / 3,
	"عقد": 10, "قرن": 100,
}

func newExtractor(a *lexical.Analyzer) *extractor {
	e := &extractor{analyzer: a, numbers: map[string]number{}, months: map[string]float64{}}
	fold := func(s string) string {
		var words []string
		for _, w := range a.Words(s) {
			words = append(words, w.Word)
		}
		return strings.Join(words, " ")
	}
	for word, v := range cardinals {
		e.numbers[fold(word)] = number{value: v}
	}
	for word, v := range scales {
		e.numbers[fold(word)] = number{value: v, scale: true}
	}
	for word, v := range ordinals {
		e.numbers[fold(word)] = number{value: v, ordinal: true}
	}
	for i, names := range months {
		for _, name := range names {
			e.months[fold(name)] = float64(i + 1)
		}
	}
	for i, names := range hijriMonths {
		for _, name := range names {
			e.months[fold(name)] = float64(i + 101)
		}
	}
	for _, name := range ambiguous {
		e.months[fold(name)] = -e.months[fold(name)]
	}
	return e
}

// written are numbers in digits of any script, with separators.
var written = regexp.MustCompile(`\p{Nd}+(?:[.,،٫٬’']\p{Nd}+)*`)

// thousand is a number with one point and three digits behind it.
var thousand = regexp.MustCompile(`^\p{Nd}{1,3}\.\p{Nd}{3}$`)

// facts lists the numbers and months of a sentence, in their order.
func (e *extractor) facts(text string) []fact {
	var found []fact
	taken := written.FindAllStringIndex(text, -1)
	words := e.analyzer.Words(text)
	for _, at := range taken {
		value, ok := parse(text[at[0]:at[1]])
		if !ok {
			continue
		}
		f := fact{kind: corpus.MismatchNumber, value: value, bare: value, span: corpus.Span{Start: at[0], End: at[1]}}
		if before, after := text[:at[0]], text[at[1]:]; value == 0 || strings.HasSuffix(before, ":") || strings.HasPrefix(after, ":") ||
			strings.HasPrefix(after, "s") || strings.HasPrefix(after, "-") && !strings.HasPrefix(after, "-year") || strings.HasSuffix(before, "-") {
			f.loose = true // a time, a decade, a size
		}
		if group := thousand.FindString(text[at[0]:at[1]]); group != "" { // 76.000 is 76 thousand in some places
			f.bare = value * 1000
		}
		if scale, end := e.scaleAfter(text, words, at[1]); scale > 0 {
			f.value, f.span.End = value*scale, end
		}
		found = append(found, f)
	}
	inDigits := func(s corpus.Span) bool {
		for _, f := range found {
			if overlap(f.span, s) {
				return true
			}
		}
		return false
	}
	besideNumber := func(s corpus.Span) bool {
		for _, at := range taken {
			if at[0]-s.End >= 0 && at[0]-s.End <= 3 || s.Start-at[1] >= 0 && s.Start-at[1] <= 6 {
				return true
			}
		}
		return false
	}
	var composed []fact
	for i := 0; i < len(words); i++ {
		w := words[i]
		if inDigits(w.Span) {
			continue
		}
		if month, span, n := e.month(words[i:]); n > 0 {
			loose := month < 0 && !besideNumber(span)
			composed = append(composed, fact{kind: corpus.MismatchDate, value: max(month, -month), span: span, loose: loose})
			i += n - 1
			continue
		}
		value, span, n, loose := e.spelled(words[i:])
		if n == 0 {
			continue
		}
		composed = append(composed, fact{kind: corpus.MismatchNumber, value: value, bare: value, span: span, loose: loose || value < 3})
		if n > 1 { // its parts confirm too: 25 of "25 and a half"
			for _, part := range words[i : i+n] {
				if one, ok := e.numberOf(part.Word); ok {
					composed = append(composed, fact{kind: corpus.MismatchNumber, value: one.value, bare: one.value, span: part.Span, loose: true})
				}
			}
		}
		i += n - 1
	}
	return append(found, composed...)
}

// numberOf finds a number's word, with "and" before it in Arabic.
func (e *extractor) numberOf(word string) (number, bool) {
	if n, ok := e.numbers[word]; ok {
		return n, true
	}
	for _, prefix := range []string{"و", "ال", "وال", "ب", "ل", "لل", "بال"} {
		if rest, ok := strings.CutPrefix(word, prefix); ok {
			if n, ok := e.numbers[rest]; ok {
				return n, true
			}
		}
	}
	return number{}, false
}

// spelled reads a number in words from the first word on; n is how many words it
// has, 0 for none.
func (e *extractor) spelled(words []lexical.Term) (value float64, span corpus.Span, n int, loose bool) {
	var total, current float64
	for n < len(words) {
		if n > 0 && words[n].Span.Start-words[n-1].Span.End > 2 {
			break
		}
		next, ok := e.numberOf(words[n].Word)
		if !ok || n > 0 && next.ordinal && next.value < 1 {
			break
		}
		switch {
		case next.scale && n == 0:
			current, loose = next.value, true // "thousands of"
		case next.scale && next.value == 100:
			current *= 100
		case next.scale:
			total, current = total+max(current, 1)*next.value, 0
		default:
			if n > 0 && current > 0 && next.value >= current && !(next.value == 10 && current < 10) && !(n == 1 && current < 10 && next.value < 100 && strings.HasPrefix(words[n].Word, "و")) {
				return total + current, span, n, loose // another number
			}
			current += next.value
			loose = loose || next.ordinal
		}
		if n == 0 {
			span.Start = words[0].Span.Start
		}
		span.End = words[n].Span.End
		n++
	}
	return total + current, span, n, loose
}

// month reads the name of a month of one or two words; below 0: it may be another
// word.
func (e *extractor) month(words []lexical.Term) (value float64, span corpus.Span, n int) {
	if len(words) > 1 {
		if v, ok := e.months[words[0].Word+" "+words[1].Word]; ok {
			return v, corpus.Span{Start: words[0].Span.Start, End: words[1].Span.End}, 2
		}
	}
	v, ok := e.months[words[0].Word]
	if !ok || words[0].Script == lexical.Latin && !words[0].Upper {
		return 0, span, 0
	}
	return v, words[0].Span, 1
}

// scaleAfter finds million and the like behind a number.
func (e *extractor) scaleAfter(text string, words []lexical.Term, at int) (scale float64, end int) {
	for _, w := range words {
		if w.Span.Start < at {
			if w.Span.End > at && e.numbers[strings.ToLower(text[at:w.Span.End])].scale { // 5m
				return e.numbers[strings.ToLower(text[at:w.Span.End])].value, w.Span.End
			}
			continue
		}
		if w.Span.Start-at > 2 {
			break
		}
		if n, ok := e.numberOf(w.Word); ok && n.scale {
			return n.value, w.Span.End
		}
		break
	}
	return 0, 0
}

// parse reads digits with separators: groups of three behind the first are
// thousands, anything else behind the last separator is a fraction.
func parse(s string) (float64, bool) {
	var b strings.Builder
	runes := []rune(s)
	separators, last := 0, -1
	for i, r := range runes {
		if strings.ContainsRune(".,،٫٬’'", r) {
			separators, last = separators+1, i
		}
	}
	for i, r := range runes {
		switch {
		case !strings.ContainsRune(".,،٫٬’'", r):
			b.WriteByte('0' + byte(digitOf(r)))
		case i == last && (r == '٫' || len(runes)-last-1 != 3 || separators == 1 && r == '.'):
			b.WriteByte('.')
		}
	}
	v, err := strconv.ParseFloat(b.String(), 64)
	return v, err == nil
}
