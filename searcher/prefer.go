package searcher

import "context"

// languagePenalty is subtracted from the score of a passage in another language
// than the question's, if a passage in the question's language contains as much of
// the question.
const languagePenalty = 0.5

// asMuch is the tolerance with which two passages count as containing the same
// share of the question.
const asMuch = 0.02

// A passage holds the whole question if it misses less than asMuch of it, and if the
// question's words fill at least half of the narrowest stretch that holds them.
const closeTogether = 0.5

// wholeBonus is what a passage that holds the whole question in its own language gains
// where one in another language holds all of it too. 1.5 to 4 give the same figures.
const wholeBonus = 2.0

// prefer ranks passages in the question's language before passages in another language
// that do not contain more of the question. So of a passage and its translation, the one
// in the question's language is first. A passage that covers more keeps its rank. A
// passage that holds the whole question in its own language comes before all others that
// hold as much, however often they repeat it.
func (r *run) prefer(_ context.Context, candidates []candidate) ([]candidate, error) {
	if !r.prefers() {
		return candidates, nil
	}
	best := r.best(candidates)
	var most float32
	own, rivals := false, false
	for i := range best {
		switch c := &best[i]; {
		case c.features[featureLanguage] == 1:
			own, most = true, max(most, c.holds())
		case c.features[featureCoverage] >= 1-asMuch:
			rivals = true
		}
	}
	if !own {
		return candidates, nil
	}
	for i := range best {
		switch c := &best[i]; {
		case c.features[featureLanguage] == 0 && c.holds() <= most+asMuch:
			c.final -= languagePenalty
		case c.features[featureLanguage] == 1 && rivals && c.whole():
			c.final += wholeBonus
		}
	}
	sortCandidates(best)
	below(best, candidates[len(best):])
	return candidates, nil
}

// holds returns how much of the question the passage contains: its words, and its
// pairs of neighbouring words.
func (c *candidate) holds() float32 { return c.features[featureCoverage] + c.features[featureAdjacent] }

// whole reports whether the passage holds all of the question's words, close together.
func (c *candidate) whole() bool {
	return c.features[featureCoverage] >= 1-asMuch && c.features[featureDensity] >= closeTogether
}
