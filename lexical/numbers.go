package lexical

import (
	"slices"
	"strconv"
)

// numerals are the spellings of a number: digits, English, Arabic. A number that is
// not a single word in Arabic (twelve) has no Arabic spelling.
var numerals = [][]string{
	{"2", "two", "اثنان", "اثنين"},
	{"3", "three", "ثلاثة"},
	{"4", "four", "أربعة"},
	{"5", "five", "خمسة"},
	{"6", "six", "ستة"},
	{"7", "seven", "سبعة"},
	{"8", "eight", "ثمانية"},
	{"9", "nine", "تسعة"},
	{"10", "ten", "عشرة"},
	{"11", "eleven"},
	{"12", "twelve"},
	{"13", "thirteen"},
	{"14", "fourteen"},
	{"15", "fifteen"},
	{"16", "sixteen"},
	{"17", "seventeen"},
	{"18", "eighteen"},
	{"19", "nineteen"},
	{"20", "twenty", "عشرون"},
	{"30", "thirty", "ثلاثون"},
	{"40", "forty", "أربعون"},
	{"50", "fifty", "خمسون"},
	{"60", "sixty", "ستون"},
	{"70", "seventy", "سبعون"},
	{"80", "eighty", "ثمانون"},
	{"90", "ninety", "تسعون"},
	{"100", "hundred", "مئة", "مائة"},
	{"1000", "thousand", "ألف"},
}

// numeralShare is the weight of another spelling of a number.
const numeralShare = 0.8

// newNumerals maps the stem of every spelling to the stems of the other spellings.
func newNumerals(a *Analyzer) map[string][]string {
	others := map[string][]string{}
	for _, spellings := range numerals {
		var stems []string
		for _, s := range spellings {
			if stem := a.Stem(s); !slices.Contains(stems, stem) {
				stems = append(stems, stem)
			}
		}
		for _, one := range stems {
			for _, other := range stems {
				if other != one {
					others[one] = append(others[one], other)
				}
			}
		}
	}
	return others
}

// numbers adds the other spellings of a number to its forms.
func (x *Expander) numbers(forms []form, term Term, v Frequencies) []form {
	for _, stem := range x.numerals[term.Stem] {
		dimension := Hash(stem)
		if at := slices.IndexFunc(forms, func(f form) bool { return f.dimension == dimension }); at >= 0 {
			forms[at].probability = max(forms[at].probability, numeralShare)
			forms[at].certainty = 1
		} else if n := v.Frequency(dimension); n > 0 {
			forms = append(forms, form{stem: stem, dimension: dimension, probability: numeralShare, frequency: n})
		}
	}
	return forms
}

// wordsOf are all words for a number, also for its place in an order.
func wordsOf(value int) []string {
	words := slices.Clone(otherNumberWords[value])
	digits := strconv.Itoa(value)
	for _, spellings := range numerals {
		if spellings[0] == digits {
			words = append(words, spellings[1:]...)
		}
	}
	return words
}

// bigNumbers are the words behind a number that multiply it.
var bigNumbers = []struct {
	value int
	words []string
}{
	{100, []string{"hundred", "مئة", "مائة"}},
	{1000, []string{"thousand", "ألف", "آلاف"}},
	{1e6, []string{"million", "مليون", "ملايين"}},
	{1e9, []string{"billion", "مليار", "مليارات", "بليون"}},
}

// otherNumberWords are words for a number that numerals does not have: other forms, the words for
// its place in an order, and Roman numerals. A question is not expanded by them.
var otherNumberWords = map[int][]string{
	1: {"one", "first", "I", "واحد", "واحدة", "أول", "الأول", "أولى", "الأولى", "حادي", "الحادي", "الحادية", "إحدى", "أحد"},
	2: {"second", "II", "اثنا", "اثني", "اثنتا", "ثاني", "الثاني", "ثانية", "الثانية"},
	3: {"third", "III", "ثلاث", "ثالث", "الثالث", "الثالثة"}, 4: {"fourth", "IV", "أربع", "رابع", "الرابع", "الرابعة"},
	5: {"fifth", "V", "خمس", "خامس", "الخامس", "الخامسة"}, 6: {"sixth", "VI", "ست", "سادس", "السادس", "السادسة"},
	7: {"seventh", "VII", "سبع", "السبع", "سابع", "السابع", "السابعة"}, 8: {"eighth", "VIII", "ثماني", "ثمان", "ثامن", "الثامن", "الثامنة"},
	9: {"ninth", "IX", "تسع", "تاسع", "التاسع", "التاسعة"}, 10: {"tenth", "X", "عشر", "عاشر", "العاشر", "العاشرة"},
	11: {"eleventh", "XI"}, 12: {"twelfth", "dozen", "XII"}, 13: {"thirteenth", "XIII"}, 14: {"fourteenth", "XIV"},
	15: {"fifteenth", "XV"}, 16: {"sixteenth", "XVI"}, 17: {"seventeenth", "XVII"}, 18: {"eighteenth", "XVIII"},
	19: {"nineteenth", "XIX"}, 20: {"twentieth", "XX", "عشرين", "العشرون", "العشرين"}, 30: {"thirtieth", "XXX", "ثلاثين", "الثلاثين"},
	40: {"fortieth", "XL", "أربعين", "الأربعين"}, 50: {"fiftieth", "خمسين", "الخمسين"}, 60: {"sixtieth", "ستين", "الستين"},
	70: {"seventieth", "سبعين", "السبعين"}, 80: {"eightieth", "ثمانين", "الثمانين"}, 90: {"ninetieth", "تسعين", "التسعين"},
	100: {"hundredth", "المئة"}, 200: {"مئتان", "مئتين", "مائتان", "مائتين"}, 1000: {"الألف"}, 2000: {"ألفان", "ألفين"},
	1e6: {"million", "مليون"}, 2e6: {"مليونان", "مليونين"}, 1e9: {"billion", "مليار"}, 2e9: {"ملياران", "مليارين"},
}
