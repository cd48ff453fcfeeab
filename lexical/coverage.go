package lexical

import (
	"slices"

	"dalil/corpus"
)

// Coverage is the passage's share of the question's idf weight, 0 to 1. A word
// counts by the probability that its form in the passage means it. A word that is
// in the index in no form has the weight of a word that no passage contains, so a
// question about something else has a low coverage.
func (q *Question) Coverage(passage corpus.Sparse) float32 { return q.CoverageOf(q.Held(passage)) }

// CoverageOf is the coverage of a passage that holds the words as likely as
// given.
func (q *Question) CoverageOf(words []float64) float32 {
	var held, all float64
	for i, share := range words {
		all += q.Groups[i].IDF
		held += q.Groups[i].IDF * share
	}
	if all == 0 {
		return 0
	}
	return float32(held / all)
}

// Held returns the probability that the passage contains each word, 0 to 1.
func (q *Question) Held(passage corpus.Sparse) []float64 {
	words := make([]float64, len(q.Groups))
	for i := range q.Groups {
		words[i] = q.Groups[i].held(passage)
	}
	return words
}

// held is the share of the likeliest form of the word that the passage holds; 0:
// it holds none.
func (g *Group) held(passage corpus.Sparse) (most float64) {
	for i, d := range g.Dimensions {
		if _, ok := slices.BinarySearch(passage.Dimensions, d); ok {
			most = max(most, g.share(i))
		}
	}
	return most
}

// share is what a form counts where the word is looked for in a passage.
func (g *Group) share(form int) float64 {
	if form >= g.sounds {
		return soundCoverage
	}
	return share(g.Probabilities[form])
}

// share is what a form with this probability counts.
func share(probability float64) float64 { return min(1, probability/sureForm) }
