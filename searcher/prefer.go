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

// prefer puts passages in the question's language before those in another that
// hold no more of the question: all else equal, a passage comes first and its
// translation next. One that covers more keeps its place.
func (r *run) prefer(_ context.Context, candidates []candidate) ([]candidate, error) {
	if r.query.AnyLanguage || !r.lexical || r.query.Fusion.Method != corpus.Mix {
		return candidates, nil
	}
	best := r.best(candidates)
	var most float32
	own := false
	for i := range best {
		if best[i].features[featureLanguage] == 1 {
			own, most = true, max(most, best[i].holds())
		}
	}
	if !own || r.script == 0 {
		return candidates, nil
	}
	for i := range best {
		if c := &best[i]; c.features[featureLanguage] == 0 && c.holds() <= most+asMuch {
			c.final -= languagePenalty
		}
	}
	sortCandidates(best)
	below(best, candidates[len(best):])
	return candidates, nil
}

// holds is how much of the question the passage holds: its words, and those
// that belong together side by side.
func (c *candidate) holds() float32 { return c.features[featureCoverage] + c.features[featureAdjacent] }
