package searcher

import (
	"context"
	"math"
	"slices"
)

// citedBonus is what the best passage of a cited document gains if the doubt is 1. It was chosen with the least probability of a
// follow-up (docs/chatbots.md).
const citedBonus = 18

// preferCited raises the best passage of each document that the conversation cites, if it is slightly doubtful whether the
// question follows up. The other passages keep their order, so that words of another topic do not change it. A passage that
// lacks a word of the question does not pass the best one that has all of them.
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
