package lexical

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

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
	names    knownNames          // see known_names.go

	askings       askings
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
		analyzer: a, lexicon: lexicon, options: options, numerals: newNumerals(a), percents: newPercents(a), names: newKnownNames(a),
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
	Certainties   []float64 // how certain it is that a passage with that form has the word, above 0 and at most 1: see certainty.go
	IDF           float64   // of the concept; that of a concept in no passage if the index contains none of its forms

	Span  corpus.Span // where the question has the word first
	Whole corpus.Span // the same, with the percent sign or word beside a number

	Translated float64 // probability of the word's best translation, whether or not the index contains it; 0: the lexicon has none

	Number bool // the word is a number
	Name   bool // the word may be a name: it begins with a capital, or is not in the lexicon

	percent bool    // a number with a percent sign or word
	sounds  int     // from here on Dimensions are sound keys
	term    Term    // the word, or one of the words that an abbreviation stands for
	rarity  float64 // see [Expander.Rarity]
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
	terms := x.units(text, x.spell(x.words(text)))
	inPhrases := x.phrases(terms)
	asking := x.askings.get(x)
	defer x.askings.put(asking)
	seen := make(map[string]bool, len(terms))
	words := make([]candidates, len(terms))
	for i, term := range terms {
		if words[i].again = seen[term.Stem]; !words[i].again {
			seen[term.Stem] = true
			words[i] = asking.candidates(x, term.Term)
		}
	}
	asking.lookUp(v)
	q.Groups = make([]Group, 0, len(seen))
	weights := asking.weights[:0]
	room := newFormRoom(32 * len(seen))
	for i, term := range terms {
		if term.percent && q.percents == nil {
			x.percents.ask(&q, v, &weights)
		}
		if words[i].again {
			continue
		}
		var s senses
		if inPhrases != nil {
			s = inPhrases[i]
		}
		word := &words[i]
		g, e := x.group(term, asking, word, s, v, &weights, &room, explain)
		g.Span, g.Whole, g.percent = term.Span, term.whole, term.percent
		g.term, g.rarity = term.Term, asking.rarity(word, x.options.Translations, v.Passages())
		g.Number = strings.Trim(term.Word, "0123456789") == ""
		g.Translated = word.best
		g.Name = !g.Number && x.soundWeight(term.Term, word, 1) > 0
		q.Groups = append(q.Groups, g)
		q.sound = q.sound || g.sounds < len(g.Dimensions)
		if explain {
			e.Word = text[term.whole.Start:term.whole.End]
			q.Explanations = append(q.Explanations, e)
		}
	}
	q.Sparse, asking.weights = weights.sparse(), weights
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
	certainty   float64 // see [form.certain]; 0: it follows from the probability
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
func (x *Expander) group(term written, a *asking, word *candidates, s senses, v Frequencies, weights *weightSum, room *formRoom, explain bool) (Group, corpus.Explanation) {
	forms := x.forms(term.Term, a, word, s, v)
	a.found = forms
	if term.short != "" {
		if n := v.Frequency(Hash(term.short)); n > 0 {
			forms = slices.Insert(forms, 0, form{stem: term.short, dimension: Hash(term.short), probability: term.share, frequency: n, own: true})
		}
	}
	frequency := conceptFrequency(forms, v.Passages())
	g := Group{IDF: corpus.IDF(float64(v.Passages()), frequency)}
	e := corpus.Explanation{Term: term.Stem}
	for i := range forms {
		f := &forms[i]
		idf := corpus.IDF(v.Passages(), f.frequency)
		weights.add(f.dimension, f.probability*g.IDF/idf)
		f.certainty = f.certain(idf, g.IDF)
		if !f.sound {
			g.sounds++
		}
		switch {
		case f.own:
			e.Held, e.Weight = true, max(e.Weight, float32(f.probability))
		case explain:
			e.Translations = append(e.Translations, corpus.Translation{Term: f.stem, Weight: float32(f.probability), Sound: f.sound})
		}
	}
	g.Dimensions, g.Probabilities, g.Certainties = room.take(forms)
	return g, e
}

// formRoom is memory for the forms of the words of one question.
type formRoom struct {
	dimensions                 []uint32
	probabilities, certainties []float64
}

func newFormRoom(forms int) formRoom {
	return formRoom{make([]uint32, 0, forms), make([]float64, 0, forms), make([]float64, 0, forms)}
}

// take copies what a group keeps of its forms.
func (r *formRoom) take(forms []form) (dimensions []uint32, probabilities, certainties []float64) {
	from := len(r.dimensions)
	for i := range forms {
		r.dimensions = append(r.dimensions, forms[i].dimension)
		r.probabilities = append(r.probabilities, forms[i].probability)
		r.certainties = append(r.certainties, forms[i].certainty)
	}
	to := len(r.dimensions)
	return r.dimensions[from:to:to], r.probabilities[from:to:to], r.certainties[from:to:to]
}

// forms lists the forms of a word that the index contains: the word itself, its
// translations, and its sounds last.
func (x *Expander) forms(term Term, a *asking, word *candidates, s senses, v Frequencies) []form {
	forms := a.held(a.found[:0], word.from, word.own, math.MaxInt, true)
	if term.Stop {
		return forms
	}
	own := len(forms)
	forms, sure := x.translate(forms, a, word)
	if len(s) > 0 {
		forms = append(forms[:own], s.within(slices.Clone(forms[own:]), v)...)
	}
	if own > 0 {
		sure = 1 // the index contains the word itself
	}
	forms = x.numbers(forms, term, v)
	if probability := x.soundWeight(term, word, sure); probability > 0 {
		forms = append(forms, x.sounds(term, scriptOfSounds(term.Script), probability, v)...)
	}
	if own == 0 && term.Script == Arabic && audible(term) { // a name is written in several ways: غريفين, جريفين
		forms = append(forms, x.sounds(term, Arabic, x.options.Name, v)...)
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

// translate appends the best translations that occur in the index. The best counts
// almost as much as the word itself, the others in proportion to their weights;
// sure is the weight of the best in the lexicon. The lexicon's weights are already
// smoothed. They do not sum to 1, so that each translation of a word with many
// translations has the same weight as that of a word with one.
func (x *Expander) translate(forms []form, a *asking, word *candidates) (all []form, sure float64) {
	first := len(forms)
	all = a.held(forms, word.own, word.translated, x.options.Translations, false)
	found := all[first:]
	if len(found) > 0 {
		sure = found[0].probability
	}
	missed := 1.
	if len(found) > 0 && sure < word.best {
		missed = math.Pow(sure/word.best, absencePower)
	}
	for i := len(found) - 1; i >= 0; i-- {
		found[i].probability = bestTranslation * math.Pow(found[i].probability/found[0].probability, translationPower)
		found[i].certainty = share(found[i].probability * missed)
	}
	return all, sure
}

// isNumeral reports whether a word is a number in digits or in a word of the list.
func (x *Expander) isNumeral(term Term) bool {
	return strings.Trim(term.Word, "0123456789") == "" || len(x.numerals[term.Stem]) > 0
}

// source is the key of a word's translations in the lexicon.
func (x *Expander) source(term Term) spelled {
	if exact := (spelled{exactMark, x.analyzer.Form(term)}); x.lexicon.contains(exact) {
		return exact
	}
	return spelled{term.Stem}
}

// weightSum collects the weights of dimensions.
type weightSum []weighted

type weighted struct {
	key    uint64 // the dimension, and below it the number of the weight
	weight float64
}

// add adds to the weight of a dimension.
func (w *weightSum) add(dimension uint32, weight float64) {
	*w = append(*w, weighted{uint64(dimension)<<32 | uint64(len(*w)), weight})
}

// sparse returns the dimensions with weights above 0. The weights of one dimension are
// added in the order in which they came.
func (w *weightSum) sparse() corpus.Sparse {
	all := *w
	slices.SortFunc(all, func(a, b weighted) int { return cmp.Compare(a.key, b.key) })
	s := corpus.Sparse{Dimensions: make([]uint32, 0, len(all)), Weights: make([]float32, 0, len(all))}
	for i := 0; i < len(all); {
		sum, d := 0.0, uint32(all[i].key>>32)
		for ; i < len(all) && uint32(all[i].key>>32) == d; i++ {
			sum += all[i].weight
		}
		if float32(sum) > 0 {
			s.Dimensions, s.Weights = append(s.Dimensions, d), append(s.Weights, float32(sum))
		}
	}
	return s
}

// sureForm is the probability from which on a form covers its word completely. A
// less likely form covers a part of it.
const sureForm = 0.5
