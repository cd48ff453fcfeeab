package lexical

import (
	"cmp"
	"math"
	"slices"

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
	Translations int     // of one word, at most; 0: 10
	Own          float64 // weight of a word's own dimension beside its translations; 0: the measured default
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
		options.Translations = 10
	}
	if options.Own <= 0 {
		options.Own = ownWeight
	}
	return &Expander{a, lexicon, options}
}

// ownWeight is the default of ExpandOptions.Own.
const ownWeight = 1

// Question is what the lexical arm asks for.
type Question struct {
	Sparse       corpus.Sparse // the store multiplies each weight by the dimension's idf
	Groups       []Group       // one a word of the question
	Explanations []corpus.Explanation
}

// Group is one word of the question and all that stands for it in the index.
type Group struct {
	Dimensions []uint32
	IDF        float64 // of the word in its most telling form that the index holds; of no passage at all where it holds none
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
	if frequency > 0 {
		add(own, x.options.Own, frequency)
		e.Weight = float32(x.options.Own)
	}
	for _, t := range x.translate(term.Stem, v) {
		add(t.dimension, t.weight, t.frequency)
		if explain {
			e.Translations = append(e.Translations, corpus.Translation{Term: t.stem, Weight: float32(t.weight)})
		}
	}
	g.IDF = IDF(v.Passages(), telling)
	return g, e
}

// translate lists the best translations that the index holds, their weights
// summing to 1.
func (x *Expander) translate(stem string, v Vocabulary) []found {
	if x.lexicon == nil {
		return nil
	}
	var all []found
	var sum float64
	x.lexicon.Translations(stem, func(target string, weight float64) bool {
		dimension := Hash(target)
		if n := v.Frequency(dimension); n > 0 {
			all = append(all, found{target, dimension, weight, n})
			sum += weight
		}
		return len(all) < x.options.Translations
	})
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

// Coverage is the share, 0 to 1, of the question's idf weight whose words the
// passage holds in some form. A word that the index lacks in every form weighs
// as one that no passage holds: a question about something else stays low.
func (q *Question) Coverage(passage corpus.Sparse, _ Vocabulary) float32 {
	var held, all float64
	for _, g := range q.Groups {
		all += g.IDF
		for _, d := range g.Dimensions {
			if _, ok := slices.BinarySearchFunc(passage.Dimensions, d, cmp.Compare[uint32]); ok {
				held += g.IDF
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
// own stem, or a translation.
func (q *Question) Matches(t Term) bool {
	_, ok := slices.BinarySearch(q.Sparse.Dimensions, Hash(t.Stem))
	return ok
}
