package training

import (
	"strings"
	"unicode"

	"dalil/lexical"
)

// vocabularies numbers the stems and the exact forms of both languages.
type vocabularies struct {
	sources, targets         *numbers
	sourceForms, targetForms *numbers
	trust                    []float64 // of each origin
	otherScripts             bool      // the two languages have scripts of their own
}

func newVocabularies() *vocabularies {
	return &vocabularies{newNumbers(), newNumbers(), newNumbers(), newNumbers(), nil, false}
}

// maxSentence bounds the words of a side; a longer pair says little of any.
const maxSentence = 100

// number turns pairs into numbers. Words of digits alone are left out: both
// sides write them alike, and the words beside them are chance.
func (v *vocabularies) number(pairs []Pair, analyzer *lexical.Analyzer, trust map[string]float64) []bitext {
	side := func(text string, stems, forms *numbers) (ids, exact []int32) {
		for _, t := range analyzer.Terms(text) {
			if strings.IndexFunc(t.Stem, func(r rune) bool { return !unicode.IsDigit(r) && r != '.' }) < 0 {
				continue
			}
			ids, exact = append(ids, stems.number(t.Stem)), append(exact, forms.number(analyzer.Form(t)))
		}
		return ids, exact
	}
	origins := map[string]int{}
	var texts []bitext
	var latin [2]int
	for _, p := range pairs {
		origin, known := origins[p.Origin]
		if !known {
			origin = len(origins)
			origins[p.Origin] = origin
			weight, given := trust[p.Origin]
			if !given {
				weight = 1
			}
			v.trust = append(v.trust, weight)
		}
		t := bitext{term: p.Term, origin: origin, weight: v.trust[origin]}
		t.source, t.sourceForms = side(p.Source, v.sources, v.sourceForms)
		t.target, t.targetForms = side(p.Target, v.targets, v.targetForms)
		if len(t.source) == 0 || len(t.target) == 0 || len(t.source) > maxSentence || len(t.target) > maxSentence {
			continue
		}
		texts = append(texts, t)
		for i, text := range []string{p.Source, p.Target} {
			if isLatin(text) {
				latin[i]++
			}
		}
	}
	// Where one side is written in Latin letters and the other is not, a pair of
	// two words of one script is a name that was left as it is, or noise.
	v.otherScripts = latin[0] > len(texts)*9/10 && latin[1] < len(texts)/10
	return texts
}

// isLatin reports whether the first letter is a Latin one.
func isLatin(text string) bool {
	for _, r := range text {
		if unicode.IsLetter(r) {
			return unicode.Is(unicode.Latin, r)
		}
	}
	return false
}
