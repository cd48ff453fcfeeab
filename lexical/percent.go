package lexical

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"dalil/corpus"
)

// A percent sign or a percent word beside a number is one unit with the number: 20 %,
// ٢٠٪, twenty percent, عشرون في المئة. The sign is not in the index. So a passage is
// asked for the number; a percent word only adds a little to its score, and is matched
// where it stands beside the number.

// percentShare is the weight of the percent words relative to a word of the question.
// It is low, so that a passage with the sign is not far below one with the word, and is
// above one with another number and the word.
const percentShare = 0.2

// percentSigns are the signs of U+0025, U+066A, U+FF05 and U+FE6A.
const percentSigns = "%٪％﹪"

// percentWords are the words, with what stands between them and the number, and
// with the probability that the word in a passage means the unit.
var percentWords = []struct {
	word, before string
	probability  float64
}{
	{"percent", "", 1},
	{"pct", "", 1},
	{"percentage", "", 0.5},
	{"cent", "per", 0.5}, // also a coin
	{"بالمئة", "", 1},
	{"المئة", "في", 1},
	{"بالمائة", "", 0.5}, // in the index also the number 100
	{"المائة", "في", 0.5},
	{"بالمية", "", 1},
	{"المية", "في", 1},
}

// percents finds percent words.
type percents struct {
	before map[string][]string // what may stand before a word, by the normalised word
	forms  []form              // without frequencies
}

func newPercents(a *Analyzer) percents {
	p := percents{before: map[string][]string{}}
	for _, w := range percentWords {
		term := a.Words(w.word)[0]
		p.before[term.Word] = append(p.before[term.Word], w.before)
		f := form{stem: term.Stem, dimension: Hash(term.Stem), probability: w.probability}
		if term.Script == Arabic { // the stem is also that of other words
			f.stem = a.Form(term)
			f.dimension = FormHash(f.stem)
		}
		if !slices.ContainsFunc(p.forms, func(known form) bool { return known.dimension == f.dimension }) {
			p.forms = append(p.forms, f)
		}
	}
	return p
}

// units removes the percent words that stand beside numbers from the words of a
// question, and marks these numbers.
func (x *Expander) units(text string, terms []written) []written {
	kept := terms[:0]
	for _, t := range terms {
		if n := len(kept); n > 0 && x.isNumber(kept[n-1].Term) && x.percents.follows(text, kept[n-1].whole, t.Term) {
			kept[n-1].percent, kept[n-1].whole.End = true, t.Span.End
			continue
		}
		if x.isNumber(t.Term) {
			if whole := withSign(text, t.Span); whole != t.Span {
				t.percent, t.whole = true, whole
			}
		}
		kept = append(kept, t)
	}
	return kept
}

// isNumber reports whether a word is a number in digits or one of the numerals.
func (x *Expander) isNumber(t Term) bool {
	return strings.Trim(t.Word, "0123456789.") == "" || len(x.numerals[t.Stem]) > 0
}

// follows reports whether a word is a percent word right behind a number.
func (p *percents) follows(text string, number corpus.Span, t Term) bool {
	before, known := p.before[t.Word]
	if !known || t.Span.Start < number.End {
		return false
	}
	between := strings.TrimFunc(text[number.End:t.Span.Start], func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) })
	return slices.ContainsFunc(before, func(b string) bool { return strings.EqualFold(b, between) })
}

// withSign extends the span of a number over a percent sign behind it, or directly
// before it (٪٢٠).
func withSign(text string, number corpus.Span) corpus.Span {
	rest := strings.TrimLeftFunc(text[number.End:], unicode.IsSpace)
	if r, size := utf8.DecodeRuneInString(rest); size > 0 && strings.ContainsRune(percentSigns, r) {
		return corpus.Span{Start: number.Start, End: len(text) - len(rest) + size}
	}
	if r, size := utf8.DecodeLastRuneInString(text[:number.Start]); size > 0 && strings.ContainsRune(percentSigns, r) {
		before, _ := utf8.DecodeLastRuneInString(text[:number.Start-size])
		if !unicode.IsNumber(before) { // it would be the sign of that number
			return corpus.Span{Start: number.Start - size, End: number.End}
		}
	}
	return number
}

// ask adds the percent words that the index contains to a question.
func (p *percents) ask(q *Question, v Frequencies, weights *weightSum) {
	var forms []form
	for _, f := range p.forms {
		if f.frequency = v.Frequency(f.dimension); f.frequency > 0 {
			forms = append(forms, f)
			q.percents = append(q.percents, f.dimension)
		}
	}
	idf := corpus.IDF(float64(v.Passages()), conceptFrequency(forms, v.Passages()))
	for _, f := range forms {
		weights.add(f.dimension, percentShare*f.probability*idf/corpus.IDF(v.Passages(), f.frequency))
	}
}

// percentWord marks a place of a percent word, until it is known which number it
// belongs to.
const percentWord = -1

// joinPercents gives each percent word of a passage to the number of the question
// before it, and removes the others. The places are in ascending order.
func (q *Question) joinPercents(places []Place) []Place {
	kept := places[:0]
	for _, p := range places {
		if p.Word == percentWord {
			k := len(kept) - 1
			for k >= 0 && kept[k].At >= p.At-1 && (kept[k].At == p.At || !q.Groups[kept[k].Word].percent) {
				k--
			}
			if k < 0 || kept[k].At < p.At-1 {
				continue
			}
			p.Word, p.Share = kept[k].Word, kept[k].Share
		}
		kept = append(kept, p)
	}
	slices.SortFunc(kept, comparePlaces)
	return kept
}
