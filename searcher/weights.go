package searcher

import "dalil/corpus"

// Weights of the signals, relative to each other.
type Weights struct{ Dense, Lexical, Late, Sentence float64 }

// DefaultWeights returns the weights that measured best with the built-in model; see
// docs/decisions/004-fusion.md.
func DefaultWeights() Weights {
	return Weights{Dense: 0.35, Lexical: 0.5, Late: 0.35, Sentence: 0.28}
}

// armWeights returns the weights of the arms: those of the request if it sets them,
// otherwise the defaults.
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

// The weight of coverage is coverageBase plus coverageShort / words, at most
// coverageMost. A question of one to three words names a topic, and a passage
// should contain all of it. A passage can answer a long question without containing
// all of its words.
const (
	coverageBase  = 0.2
	coverageShort = 1.6
	coverageMost  = 1.0
)

// coverageWeight returns the weight of coverage for a question of n words.
func coverageWeight(n int) float64 {
	if n == 0 {
		return 0
	}
	return min(coverageBase+coverageShort/float64(n), coverageMost)
}
