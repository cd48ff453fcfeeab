package lexical

import (
	"cmp"
	"math"
	"slices"
	"unicode/utf8"

	"dalil/corpus"
)

// Vocabulary tells how many passages of the index hold a dimension, and how
// many passages there are.
type Vocabulary interface {
	Frequency(dimension uint32) int
	Passages() int
}

// ExpandOptions tune an Expander; zero fields take the measured defaults.
type ExpandOptions struct {
	Translations int     // of one word, at most; 0: 4
	Own          float64 // weight of a word's own dimension beside all its translations; 0: the measured default
	Unknown      float64 // weight of the sound of a word that the lexicon lacks; 0: the measured default
	Name         float64 // weight of the sound of a capitalised word that it knows; 0: the measured default
}

// Expander turns questions into sparse vectors that cross languages. It is
// safe for concurrent use.
type Expander struct {
	analyzer *Analyzer
	lexicon  *Lexicon
	options  ExpandOptions
}

// NewExpander returns an Expander; without a lexicon a word asks for its own
// stem and its sound only.
func NewExpander(a *Analyzer, lexicon *Lexicon, options ExpandOptions) *Expander {
	if options.Translations <= 0 {
		options.Translations = translationsKept
	}
	if options.Own <= 0 {
		options.Own = ownWeight
	}
	if options.Unknown <= 0 {
		options.Unknown = unknownWeight
	}
	if options.Name <= 0 {
		options.Name = nameWeight
	}
	return &Expander{a, lexicon, options}
}

// The defaults of ExpandOptions.
const (
	translationsKept = 4
	ownWeight        = 0.3
	unknownWeight    = 1
	nameWeight       = 0.7
)

// Question is what the lexical arm asks for.
type Question struct {
	Sparse       corpus.Sparse // the store multiplies each weight by the dimension's idf
	Groups       []Group       // one a word of the question
	Explanations []corpus.Explanation

	sound bool // some word asks by its sound
}

// Group is one word of the question and all that stands for it in the index.
type Group struct {
	Dimensions []uint32
	IDF        float64 // of the word in its most telling form that the index holds; of no passage at all where it holds none

	sounds int // from here on Dimensions are sound keys
}

// Hear names, in the explanations, the words of a passage that were met by
// their sound: until then a sound stands there as its skeleton.
func (q *Question) Hear(a *Analyzer, passage string) {
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

// IDF is ln(1 + (N-n+.5)/(n+.5)): what the stores weigh a dimension with that
// n of N passages hold.
func IDF(passages, frequency int) float64 {
	n := float64(frequency)
	return math.Log(1 + (float64(max(passages, frequency))-n+0.5)/(n+0.5))
}

// Question analyses and expands a question. Explanations are filled on demand.
func (x *Expander) Question(text string, v Vocabulary, explain bool) Question {
	var q Question
	weights := map[uint32]float64{}
	seen := map[string]bool{}
	for _, term := range x.analyzer.Terms(text) {
		if seen[term.Stem] {
			continue
		}
		seen[term.Stem] = true
		g, e := x.group(term, v, weights, explain)
		q.Groups = append(q.Groups, g)
		q.sound = q.sound || g.sounds < len(g.Dimensions)
		if explain {
			e.Word = text[term.Span.Start:term.Span.End]
			q.Explanations = append(q.Explanations, e)
		}
	}
	q.Sparse = sparseOf(weights)
	return q
}

// found is a translation that the index holds.
type found struct {
	stem      string
	dimension uint32
	weight    float64
	frequency int
}

// group expands one word and adds its weights.
func (x *Expander) group(term Term, v Vocabulary, weights map[uint32]float64, explain bool) (Group, corpus.Explanation) {
	own := Hash(term.Stem)
	frequency := v.Frequency(own)
	e := corpus.Explanation{Term: term.Stem, Held: frequency > 0}
	var g Group
	telling := 0
	add := func(dimension uint32, weight float64, n int) {
		weights[dimension] += weight
		g.Dimensions = append(g.Dimensions, dimension)
		if n > 0 && (telling == 0 || n < telling) {
			telling = n
		}
	}
	translated := x.translate(term.Stem, frequency > 0, v)
	if frequency > 0 {
		weight := x.own(v.Passages(), frequency, translated)
		add(own, weight, frequency)
		e.Weight = float32(weight)
	}
	for _, t := range translated {
		add(t.dimension, t.weight, t.frequency)
		if explain {
			e.Translations = append(e.Translations, corpus.Translation{Term: t.stem, Weight: float32(t.weight)})
		}
	}
	g.sounds = len(g.Dimensions)
	if weight := x.soundWeight(term); weight > 0 {
		for _, s := range x.sounds(term, v) {
			add(s.dimension, weight, s.frequency)
			if explain {
				e.Translations = append(e.Translations, corpus.Translation{Term: s.stem, Weight: float32(weight), Sound: true})
			}
		}
	}
	g.IDF = IDF(v.Passages(), telling)
	return g, e
}

// own is the weight of a word's own dimension. It keeps a word that stands in a
// few passages of its own language from outweighing its translations: as far as
// the index holds those, the word counts Own, and no more than they do in the
// mean.
func (x *Expander) own(passages, frequency int, translated []found) float64 {
	var mean, mass float64
	for _, t := range translated {
		mean += t.weight * IDF(passages, t.frequency)
		mass += t.weight
	}
	if mass == 0 {
		return 1
	}
	return 1 - mass + mass*x.options.Own*min(1, mean/mass/IDF(passages, frequency))
}

// soundWeight is what the word's sound counts; 0: it is not asked for.
func (x *Expander) soundWeight(term Term) float64 {
	if utf8.RuneCountInString(term.Word) < minSoundAsked {
		return 0
	}
	switch {
	case x.lexicon != nil && !x.lexicon.Knows(term.Stem):
		return x.options.Unknown
	case term.Capital: // without a lexicon nothing is known to be a name but this
		return x.options.Name
	}
	return 0
}

// sounds lists the skeletons of the word that the index holds in the other
// script.
func (x *Expander) sounds(term Term, v Vocabulary) []found {
	other := Arabic
	if term.Script == Arabic {
		other = Latin
	}
	var all []found
	for _, key := range skeletons(nil, term.Word, term.Script) {
		dimension := SoundHash(other, key)
		if n := v.Frequency(dimension); n > 0 {
			all = append(all, found{key, dimension, 1, n})
		}
	}
	return all
}

// translate lists the best translations that the index holds. Their weights
// sum to 1; for a word that the index holds itself, to the share of its
// translations that the index holds: a chance one must not stand for all.
func (x *Expander) translate(stem string, held bool, v Vocabulary) []found {
	if x.lexicon == nil {
		return nil
	}
	var all []found
	var sum, total float64
	seen := 0
	x.lexicon.Translations(stem, func(target string, weight float64) bool {
		if seen++; seen <= x.options.Translations {
			total += weight
		}
		dimension := Hash(target)
		if n := v.Frequency(dimension); n > 0 {
			all = append(all, found{target, dimension, weight, n})
			sum += weight
		}
		return len(all) < x.options.Translations
	})
	if held {
		sum = max(sum, total)
	}
	for i := range all {
		all[i].weight /= sum
	}
	return all
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

// soundCoverage is what a word counts in coverage that is matched by its sound
// alone: skeletons are met by chance too.
const soundCoverage = 0.5

// Coverage is the share, 0 to 1, of the question's idf weight whose words the
// passage holds in some form. A word that the index lacks in every form weighs
// as one that no passage holds: a question about something else stays low.
func (q *Question) Coverage(passage corpus.Sparse, _ Vocabulary) float32 {
	var held, all float64
	for _, g := range q.Groups {
		all += g.IDF
		for i, d := range g.Dimensions {
			if _, ok := slices.BinarySearchFunc(passage.Dimensions, d, cmp.Compare[uint32]); ok {
				if i >= g.sounds {
					held += g.IDF * soundCoverage
				} else {
					held += g.IDF
				}
				break
			}
		}
	}
	if all == 0 {
		return 0
	}
	return float32(held / all)
}

// Matches reports whether a passage's term answers a word of the question: its
// own stem, a translation, or the sound of a name.
func (q *Question) Matches(t Term) bool {
	asks := func(dimension uint32) bool {
		_, ok := slices.BinarySearch(q.Sparse.Dimensions, dimension)
		return ok
	}
	if asks(Hash(t.Stem)) {
		return true
	}
	if !q.sound {
		return false
	}
	for _, key := range skeletons(nil, t.Word, t.Script) {
		if asks(SoundHash(t.Script, key)) {
			return true
		}
	}
	return false
}

// Rarity is the idf of a word in the form, of its own or a translation, that
// most passages hold: what the word tells whatever language the passages are
// in. A stop word tells nothing.
func (x *Expander) Rarity(word string, v Vocabulary) float64 {
	var rarity float64
	for _, term := range x.analyzer.Terms(word) {
		most := v.Frequency(Hash(term.Stem))
		for _, t := range x.translate(term.Stem, most > 0, v) {
			most = max(most, t.frequency)
		}
		rarity = max(rarity, IDF(v.Passages(), most))
	}
	return rarity
}
