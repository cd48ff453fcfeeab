package searcher

import (
	"context"
	"math"
	"slices"
)

// citedBonus is added to the score of the best passage of a cited document if the doubt is 1. docs/chatbots.md has what was
// tried.
const citedBonus = 18

// preferCited raises the best passage of each cited document, if the question may be a follow-up but probably is none. All
// other passages keep their order. The best passage with every word of the question is passed only by passages that have them
// all too.
func (r *run) preferCited(_ context.Context, candidates []candidate) ([]candidate, error) {
	if r.doubt == 0 {
		return candidates, nil
	}
	best := r.best(candidates)
	ceiling := math.Inf(1)
	for i := range best {
		if best[i].features[featureCoverage] >= everyWord {
			ceiling = best[i].final
			break
		}
	}
	var raised []string
	for i := range best {
		c := &best[i]
		if id := c.hit.DocumentID; slices.Contains(r.citedDocuments, id) && !slices.Contains(raised, id) {
			raised = append(raised, id)
			bonus := citedBonus * r.doubt
			if c.features[featureCoverage] < everyWord {
				bonus = min(bonus, max(ceiling-tie-c.final, 0))
			}
			c.final += bonus
		}
	}
	sortCandidates(best)
	below(best, candidates[len(best):])
	return candidates, nil
}

// tie is a difference of scores that decides nothing but an order.
const tie = 1e-6
