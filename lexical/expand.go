package lexical

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"dalil/corpus"
)

// Frequencies returns how many passages of the index contain a dimension, and how
// many passages there are.
type Frequencies interface {
	Frequency(dimension uint32) int
	Passages() int
}

// ExpandOptions has the settings of an Expander. Zero fields have the defaults that measured best.
type ExpandOptions struct {
	Translations int     // of one word, at most; 0: 10
	Unknown      float64 // weight of the sound of a word that is not in the lexicon; 0: the measured default
	Name         float64 // weight of the sound of a capitalised word in the lexicon; 0: the measured default
}

// Expander turns questions into sparse vectors that include translations. It is
// safe for concurrent use.
type Expander struct {
	analyzer *Analyzer
	lexicon  *Lexicon
	options  ExpandOptions
	numerals map[string][]string // stems of one number, see numbers.go
	percents percents            // see percent.go

	abbreviations map[string]abbreviation   // by their stems
	byFirst       map[string][]abbreviation // by the stem of the first word that they stand for
}

// NewExpander returns an Expander. Without a lexicon, words are searched only by
// their own stems and sounds.
func NewExpander(a *Analyzer, lexicon *Lexicon, options ExpandOptions) *Expander {
	if options.Translations <= 0 {
		options.Translations = translationsKept
	}
	if options.Unknown <= 0 {
		options.Unknown = unknownWeight
	}
	if options.Name <= 0 {
		options.Name = nameWeight
	}
	x := &Expander{
		analyzer: a, lexicon: lexicon, options: options, numerals: newNumerals(a), percents: newPercents(a),
		abbreviations: newAbbreviations(a), byFirst: map[string][]abbreviation{},
	}
	for _, stem := range slices.Sorted(maps.Keys(x.abbreviations)) {
		short := x.abbreviations[stem]
		first := short.full[0].Stem
		x.byFirst[first] = append(x.byFirst[first], short)
	}
	return x
}

// The defaults of ExpandOptions.
const (
	translationsKept = 10
	unknownWeight    = 1
	nameWeight       = 0.7
	bestTranslation  = 0.85
	translationPower = 0.7
)

// Question is a question in the form that the lexical arm searches.
type Question struct {
	Sparse       corpus.Sparse // the store multiplies each weight by the dimension's idf
	Groups       []Group       // one for each word of the question
	Explanations []corpus.Explanation

	percents []uint32 // dimensions of percent words, which are matched beside a number with percent
	sound    bool     // a word is searched by its sound
	analyzer *Analyzer
	finder   *finder // made by the first Match
}

// Group is one word of the question with its forms and translations in the index.
type Group struct {
	Dimensions    []uint32
	Probabilities []float64 // probability that the form of the same number means the word, above 0 and at most 1
	IDF           float64   // of the concept; that of a concept in no passage if the index contains none of its forms

	Span  corpus.Span // where the question has the word first
	Whole corpus.Span // the same, with the percent sign or word beside a number

	Translated float64 // probability of the word's best translation, whether or not the index contains it; 0: the lexicon has none

	Number bool // the word is a number
	Name   bool // the word may be a name: it begins with a capital, or is not in the lexicon

	percent   bool  // a number with a percent sign or word
	sounds    int   // from here on Dimensions are sound keys
	likeliest []int // the forms in descending order of their shares
}

// ResolveSounds replaces sounds in the explanations by the words of a passage that matched
// them. Before that, an explanation has the consonants of the sound.
func (q *Question) ResolveSounds(a *Analyzer, passage string) {
	if !q.sound {
		return
	}
	for _, term := range a.Terms(passage) {
		for _, key := range skeletons(nil, term.Word, term.Script) {
			dimension := SoundHash(term.Script, key)
			for i, g := range q.Groups {
				if i >= len(q.Explanations) || !slices.Contains(g.Dimensions[g.sounds:], dimension) {
					continue
				}
				for j := range q.Explanations[i].Translations {
					if t := &q.Explanations[i].Translations[j]; t.Sound && t.Term == key {
						t.Term = passage[term.Span.Start:term.Span.End]
					}
				}
			}
		}
	}
}

// Question analyses and expands a question. It adds explanations on request.
func (x *Expander) Question(text string, v Frequencies, explain bool) Question {
	q := Question{analyzer: x.analyzer}
	weights := map[uint32]float64{}
	seen := map[string]bool{}
	terms := x.units(text, x.spell(x.words(text)))
	inPhrases := x.phrases(terms)
	for i, term := range terms {
		if term.percent && q.percents == nil {
			x.percents.ask(&q, v, weights)
		}
		if seen[term.Stem] {
			continue
		}
		seen[term.Stem] = true
		var s senses
		if inPhrases != nil {
			s = inPhrases[i]
		}
		g, e := x.group(term, s, v, weights, explain)
		g.sortForms()
		g.Span, g.Whole, g.percent = term.Span, term.whole, term.percent
		g.Number = strings.Trim(term.Word, "0123456789") == ""
		g.Translated = x.translated(term.Term)
		g.Name = !g.Number && x.soundWeight(term.Term, 1) > 0
		q.Groups = append(q.Groups, g)
		q.sound = q.sound || g.sounds < len(g.Dimensions)
		if explain {
			e.Word = text[term.whole.Start:term.whole.End]
			q.Explanations = append(q.Explanations, e)
		}
	}
	q.Sparse = sparseOf(weights)
	return q
}

// words returns the words of a question that are searched: all except stop words,
// or the stop words if there are no others.
func (x *Expander) words(text string) []Term {
	terms := x.analyzer.Terms(text)
	if len(terms) > 0 {
		return terms
	}
	return x.analyzer.Words(text)
}

// form is one way in which a word of the question can be written in the index.
type form struct {
	stem        string
	dimension   uint32
	probability float64 // probability that the form means the word: 1 for the word itself
	frequency   int     // number of passages that contain it, above 0
	sound       bool
	own         bool // in the question's own language
}

// group expands one word and adds the weights of its forms.
//
// A word and its translations are one concept (probabilistic structured queries,
// Darwish and Oard, SIGIR 2003): every form is weighted by the probability that it
// means the word, and all share one document frequency, which is the sum of theirs
// with the same weights. So a translation that is rare by chance does not outweigh
// the word itself. The stores multiply each weight by the idf of its dimension. The
// weight is divided by that idf here, so that every store computes the same score.
func (x *Expander) group(term written, s senses, v Frequencies, weights map[uint32]float64, explain bool) (Group, corpus.Explanation) {
	forms := x.forms(term.Term, s, v)
	if term.short != "" {
		if n := v.Frequency(Hash(term.short)); n > 0 {
			forms = slices.Insert(forms, 0, form{stem: term.short, dimension: Hash(term.short), probability: term.share, frequency: n, own: true})
		}
	}
	frequency := conceptFrequency(forms, v.Passages())
	g := Group{IDF: corpus.IDF(float64(v.Passages()), frequency)}
	e := corpus.Explanation{Term: term.Stem}
	for _, f := range forms {
		weight := f.probability * g.IDF / corpus.IDF(v.Passages(), f.frequency)
		weights[f.dimension] += weight
		if !f.sound {
			g.sounds++
		}
		g.Dimensions = append(g.Dimensions, f.dimension)
		g.Probabilities = append(g.Probabilities, f.probability)
		switch {
		case f.own:
			e.Held, e.Weight = true, max(e.Weight, float32(f.probability))
		case explain:
			e.Translations = append(e.Translations, corpus.Translation{Term: f.stem, Weight: float32(f.probability), Sound: f.sound})
		}
	}
	return g, e
}

// forms lists the forms of a word that the index contains: the word itself, its
// translations, and its sounds last.
func (x *Expander) forms(term Term, s senses, v Frequencies) []form {
	if term.Stop {
		return x.own(term, v)
	}
	forms := x.own(term, v)
	translated, sure := x.translate(term, v)
	if len(s) > 0 {
		translated = s.within(translated, v)
	}
	if len(forms) > 0 {
		sure = 1 // the index contains the word itself
	}
	forms = x.numbers(append(forms, translated...), term, v)
	if probability := x.soundWeight(term, sure); probability > 0 {
		forms = append(forms, x.sounds(term, probability, v)...)
	}
	return forms
}

// conceptFrequency returns the expected number of passages with a concept, or 0 if
// the index contains none of its forms.
func conceptFrequency(forms []form, passages int) float64 {
	var sum float64
	for _, f := range forms {
		sum += f.probability * float64(f.frequency)
	}
	return min(sum, float64(passages))
}

// soundWeight returns the weight of the word's sound, or 0 if it is not searched. A
// word whose translations are uncertain, or not in the index, may be a name that is
// in the lexicon by chance.
func (x *Expander) soundWeight(term Term, sure float64) float64 {
	if utf8.RuneCountInString(term.Word) < minSoundAsked {
		return 0
	}
	switch {
	case x.lexicon != nil && !x.lexicon.Contains(term.Stem):
		return x.options.Unknown
	case term.Capital, sure < sureTranslation && x.lexicon != nil: // without a lexicon only a capital marks a name
		return x.options.Name
	}
	return 0
}

// sureTranslation is the weight in the lexicon from which on a translation in the
// index counts as certain.
const sureTranslation = 0.2

// A sound belongs to common words if it is in more than the share commonSound of the
// passages, and in more than commonSounds passages. Half and twice of commonSound give
// the same figures within .002 (docs/decisions/002-lexicon.md).
const (
	commonSound  = 0.02
	commonSounds = 5
)

// sounds lists the skeletons of the word in the other script that the index
// contains. A common one has a proportionally lower weight, because a name with two
// or three consonants sounds like some everyday word.
func (x *Expander) sounds(term Term, probability float64, v Frequencies) []form {
	other := Arabic
	if term.Script == Arabic {
		other = Latin
	}
	common := max(commonSound*float64(v.Passages()), commonSounds)
	var all []form
	for _, key := range skeletons(nil, term.Word, term.Script) {
		dimension := SoundHash(other, key)
		if n := v.Frequency(dimension); n > 0 {
			likely := probability * min(1, common/float64(n))
			all = append(all, form{stem: key, dimension: dimension, probability: likely, frequency: n, sound: true})
		}
	}
	return all
}

// translate lists the best translations that occur in the index. The best counts
// almost as much as the word itself, the others in proportion to their weights;
// sure is the weight of the best in the lexicon. The lexicon's weights are already
// smoothed. They do not sum to 1, so that each translation of a word with many
// translations has the same weight as that of a word with one.
func (x *Expander) translate(term Term, v Frequencies) (all []form, sure float64) {
	if x.lexicon == nil {
		return nil, 0
	}
	x.lexicon.Translations(x.source(term), func(target string, weight float64) bool {
		dimension := Hash(target)
		if n := v.Frequency(dimension); n > 0 {
			all = append(all, form{stem: target, dimension: dimension, probability: weight, frequency: n})
		}
		return len(all) < x.options.Translations
	})
	if len(all) > 0 {
		sure = all[0].probability
	}
	for i := len(all) - 1; i >= 0; i-- {
		all[i].probability = bestTranslation * math.Pow(all[i].probability/all[0].probability, translationPower)
	}
	return all, sure
}

// translated is the probability of the best translation of a word; 0: the lexicon
// has none. A number is its own translation.
func (x *Expander) translated(term Term) (best float64) {
	if strings.Trim(term.Word, "0123456789") == "" || len(x.numerals[term.Stem]) > 0 {
		return 1
	}
	if x.lexicon == nil {
		return 0
	}
	x.lexicon.Translations(x.source(term), func(_ string, weight float64) bool {
		best = weight
		return false
	})
	return best
}

// source is the key of a word's translations in the lexicon.
func (x *Expander) source(term Term) string {
	if exact := ExactKey(x.analyzer.Form(term)); x.lexicon.Contains(exact) {
		return exact
	}
	return term.Stem
}

func sparseOf(weights map[uint32]float64) corpus.Sparse {
	s := corpus.Sparse{Dimensions: make([]uint32, 0, len(weights)), Weights: make([]float32, 0, len(weights))}
	for d, w := range weights {
		if float32(w) > 0 {
			s.Dimensions = append(s.Dimensions, d)
		}
	}
	slices.Sort(s.Dimensions)
	for _, d := range s.Dimensions {
		s.Weights = append(s.Weights, float32(weights[d]))
	}
	return s
}

// soundCoverage is the weight in coverage of a word that matches only by its sound,
// because skeletons also match by chance.
const soundCoverage = 0.5

// sureForm is the probability from which on a form covers its word completely. A
// less likely form covers a part of it.
const sureForm = 0.5

// sortForms computes the order in which held looks up the forms.
func (g *Group) sortForms() {
	g.likeliest = make([]int, len(g.Dimensions))
	for i := range g.likeliest {
		g.likeliest[i] = i
	}
	slices.SortStableFunc(g.likeliest, func(a, b int) int { return cmp.Compare(g.share(b), g.share(a)) })
}

// Rarity returns the idf of that form of a word, its own or a translation, that
// most passages contain. So it does not depend on the language of the passages. The
// rarity of a stop word is 0.
func (x *Expander) Rarity(word string, v Frequencies) float64 {
	var rarity float64
	for _, term := range x.analyzer.Terms(word) {
		most := v.Frequency(Hash(term.Stem))
		if x.lexicon != nil { // the translations of [Expander.translate]
			found := 0
			x.lexicon.Translations(x.source(term), func(target string, _ float64) bool {
				if n := v.Frequency(Hash(target)); n > 0 {
					most = max(most, n)
					found++
				}
				return found < x.options.Translations
			})
		}
		rarity = max(rarity, corpus.IDF(v.Passages(), most))
	}
	return rarity
}
