package lexical

import (
	"math"
	"slices"
)

// senses are translations that a word has in its phrase.
type senses []sense

type sense struct {
	stem        string
	probability float64
}

// otherSense is the factor for a word's other translations in a phrase.
const otherSense = 0.7

// phrases finds words of the question that form a phrase of the lexicon, and
// assigns the phrase's translations to them: each to the word that has it already,
// or else to the second word.
func (x *Expander) phrases(terms []written) []senses {
	if x.lexicon == nil || len(terms) < 2 {
		return nil
	}
	var all []senses
	for i := range len(terms) - 1 {
		key := spelled{terms[i].Stem, phraseMark, terms[i+1].Stem}
		if !x.lexicon.contains(key) {
			continue
		}
		if all == nil {
			all = make([]senses, len(terms))
		}
		x.lexicon.Translations(key.String(), func(target string, weight float64) bool {
			at := i + 1
			if x.has(terms[i].Stem, target) > x.has(terms[i+1].Stem, target) {
				at = i
			}
			all[at] = append(all[at], sense{target, bestTranslation * math.Sqrt(weight)})
			return true
		})
	}
	return all
}

// has returns the weight of a translation, or 0 if the lexicon does not have it.
func (x *Expander) has(stem, target string) (found float64) {
	x.lexicon.Translations(stem, func(t string, weight float64) bool {
		if t == target {
			found = weight
		}
		return found == 0
	})
	return found
}

// within sets the probabilities of a word's translations to those in its phrase,
// and adds the translations that only the phrase has.
func (s senses) within(all []form, v Frequencies) []form {
	for i := range all {
		all[i].probability *= otherSense
	}
	for _, one := range s {
		if at := slices.IndexFunc(all, func(f form) bool { return f.stem == one.stem }); at >= 0 {
			all[at].probability = max(all[at].probability, one.probability)
			all[at].certainty = max(all[at].certainty, share(one.probability))
			continue
		}
		dimension := Hash(one.stem)
		if n := v.Frequency(dimension); n > 0 {
			all = append(all, form{stem: one.stem, dimension: dimension, probability: one.probability, frequency: n})
		}
	}
	return all
}
