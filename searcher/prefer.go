package searcher

import (
	"context"

	"dalil/corpus"
)

// languagePenalty is what a passage in another language than the question's
// loses to one in the question's that holds as much of it.
const languagePenalty = 0.5

// asMuch is how much less of the question a passage may hold to count as
// holding as much.
const asMuch = 0.02

// A passage holds the whole question if it misses less than asMuch of it, and if the
// question's words fill at least half of the narrowest stretch that holds them.
const closeTogether = 0.5

// wholeBonus is what a passage that holds the whole question in its own language gains
// where one in another language holds all of it too. 1.5 to 4 give the same figures.
const wholeBonus = 2.0

// prefer puts passages in the question's language before those in another that
// hold no more of the question: all else equal, a passage comes first and its
// translation next. One that covers more keeps its place. A passage that holds the whole
// question in its own language comes before all others that hold as much, however
// often they repeat it.
func (r *run) prefer(_ context.Context, candidates []candidate) ([]candidate, error) {
	if r.query.AnyLanguage || !r.lexical || r.query.Fusion.Method != corpus.Mix {
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
	if !own || r.script == 0 {
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

// holds is how much of the question the passage holds: its words, and those
// that belong together side by side.
func (c *candidate) holds() float32 { return c.features[featureCoverage] + c.features[featureAdjacent] }

// whole reports whether the passage holds all of the question's words, close together.
func (c *candidate) whole() bool {
	return c.features[featureCoverage] >= 1-asMuch && c.features[featureDensity] >= closeTogether
}
