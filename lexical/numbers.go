package lexical

import "slices"

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
