package searcher

import "dalil/corpus"

// A word with a surprisal of commonWord nats, one in a thousand, or less is common in its language; one of
// uncommonWord nats, one in a million, has the rarity 1. What is rarer still counts up to mostUncommon,
// because the probabilities of words that the vocabulary spells in pieces are vague.
const (
	commonWord   = 7
	uncommonWord = 14
	mostUncommon = 1.2
)

// uncommon is how rare a word is in its language, 0 to mostUncommon. The index cannot say this: in a
// small one a common word is as absent as a name. inIndex is its rarity there; it decides if surprisal is nil. A
// word without known pieces has the surprisal 0.
func uncommon(surprisal []float32, word int, inIndex float64) float64 {
	switch {
	case surprisal == nil:
		return inIndex
	case surprisal[word] == 0:
		return mostUncommon
	}
	return min(max(float64(surprisal[word])-commonWord, 0)/(uncommonWord-commonWord), mostUncommon)
}

// worth is what a concept counts in the sums of [weighing.total].
type worth struct{ uncommon, means, rare, translatedRare, translatedMeans float64 }

// worths computes the worth of each concept, and which concepts mean most, without and with their rarity.
func (w *weighing) worths(surprisal []float32) {
	w.worth = make([]worth, len(w.groups))
	rarest := max(corpus.IDF(float64(w.passages), 0), 1e-9)
	for i := range w.groups {
		means, rare := w.weights[byMeaning][i], w.groups[i].IDF/rarest
		translated := min(w.groups[i].Translated/sureTranslation, 1)
		w.worth[i] = worth{uncommon(surprisal, i, rare), means, rare, translated * rare, translated * means}
		if means > w.weights[byMeaning][w.mostMeant] {
			w.mostMeant = i
		}
		if w.weights[byBoth][i] > w.weights[byBoth][w.topic] {
			w.topic = i
		}
	}
}

// total adds up what a candidate has of the question's words and what it does not have. Unlike a share, a sum says how
// much was compared: two missing names are a stronger sign than one.
func (w *weighing) total(c *candidate, s *Signs) {
	var has, lacks, most float64
	var lost worth
	for i, match := range w.matchesOf(c) {
		x, missing := &w.worth[i], 1-match
		held := x.uncommon * match
		has += held
		lacks += x.uncommon * missing
		most = max(most, held)
		lost.means += x.means * missing
		lost.rare += x.rare * missing
		lost.translatedRare += x.translatedRare * missing
		lost.translatedMeans += x.translatedMeans * missing
	}
	s[signUncommon] = float32(has / (has + lacks + 0.03))
	s[signUncommonHeld], s[signSumUncommon], s[signSumUncommonLost] = float32(most), float32(has), float32(lacks)
	s[signSumLost], s[signSumLostRare] = float32(lost.means), float32(lost.rare)
	s[signSumUntranslated], s[signSumUntranslatedMeant] = float32(lost.translatedRare), float32(lost.translatedMeans)
}

// farWord is the similarity below which two words have nothing to do with each other.
const farWord = 0.4

// nearby compares by vectors alone, because the lexicon may translate a word wrongly.
func (w *weighing) nearby(c *candidate, s *Signs) {
	nearest := c.nearest
	if len(nearest) == 0 {
		return
	}
	s[signNearMeant], s[signNearTopic] = nearest[w.mostMeant], nearest[w.topic]
	var far, distance float64
	for i, near := range nearest {
		means := w.worth[i].means
		if near < farWord {
			far = max(far, means)
		}
		distance += means * float64(1-near)
	}
	s[signFarMeant], s[signMeanFar] = float32(far), float32(distance/float64(len(nearest)))
}
