package searcher

import "dalil/corpus"

// Weights of the signals, relative to each other.
type Weights struct{ Dense, Lexical, Late, Sentence float64 }

// DefaultWeights returns the weights that were chosen by measurement with the built-in model; see
// docs/decisions/004-fusion.md.
func DefaultWeights() Weights {
	return Weights{Dense: 0.35, Lexical: 0.5, Late: 0.35, Sentence: 0.28}
}

// armWeights are the arms' weights for this query: the request's where it sets
// them.
func (r *run) armWeights() (dense, lexical float64) {
	dense, lexical = r.options.Weights.Dense, r.options.Weights.Lexical
	if r.query.Fusion.Method == corpus.RRF {
		dense, lexical = 1, 1
	}
	if w := r.query.Fusion.DenseWeight; w != nil {
		dense = float64(*w)
	}
	if w := r.query.Fusion.LexicalWeight; w != nil {
		lexical = float64(*w)
	}
	return dense, lexical
}

// Weight of coverage: coverageBase for a long question, and coverageShort /
// words more, at most coverageMost. A question of one to three words asks for
// a topic, and the passage should contain all of it; for a long question a passage
// can answer without some of the words.
const (
	coverageBase  = 0.2
	coverageShort = 1.6
	coverageMost  = 1.0
)

// coverageWeight is what coverage counts for a question of n words.
func coverageWeight(n int) float64 {
	if n == 0 {
		return 0
	}
	return min(coverageBase+coverageShort/float64(n), coverageMost)
}
