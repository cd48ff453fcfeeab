package searcher

import (
	"context"
	"math"

	"dalil/corpus"
)

// fuse combines the scores of the arms and orders the candidates by the result.
func (r *run) fuse(_ context.Context, candidates []candidate) ([]candidate, error) {
	dense, lexical := r.armWeights()
	var fused []float64
	if r.query.Fusion.Method == corpus.RRF {
		fused = rrf(candidates, r.query.Fusion.K, dense, lexical)
	} else {
		m := r.memory()
		fused = m.mix(len(candidates), m.armSignal(candidates, corpus.Dense, dense), m.armSignal(candidates, corpus.Lexical, lexical))
	}
	for i := range candidates {
		candidates[i].final = fused[i]
	}
	sortCandidates(candidates)
	r.raise(candidates)
	return candidates, nil
}

// signal has the scores of one arm or step for the candidates.
type signal struct {
	weight float64
	scores []float64 // a candidate without a score has the lowest one; nil: no candidate has a score
}

// mix is the weighted sum of standardised scores: the mean over the candidates is
// subtracted from each signal, which is then divided by its standard deviation, so
// that arms with different units can be added. A missing score counts as the
// signal's lowest score. A signal that is equal for all candidates adds nothing.
func (m *memory) mix(n int, signals ...signal) []float64 {
	sums := m.floats(n)
	for _, s := range signals {
		if s.weight == 0 || s.scores == nil {
			continue
		}
		var mean, variance float64
		for _, x := range s.scores {
			mean += x / float64(n)
		}
		for _, x := range s.scores {
			d := x - mean
			variance += d * d / float64(n)
		}
		deviation := math.Sqrt(variance)
		if deviation < 1e-9*(1+math.Abs(mean)) {
			continue
		}
		for i, x := range s.scores {
			sums[i] += s.weight * (x - mean) / deviation
		}
	}
	return sums
}

// rrfConstant is the k of Cormack et al., SIGIR 2009.
const rrfConstant = 60

// rrf is weighted reciprocal rank fusion: the sum of weight / (k + rank).
func rrf(candidates []candidate, k int, dense, lexical float64) []float64 {
	if k == 0 {
		k = rrfConstant
	}
	sums := make([]float64, len(candidates))
	add := func(i, rank int, weight float64) {
		if rank > 0 {
			sums[i] += weight / float64(k+rank)
		}
	}
	for i, c := range candidates {
		add(i, c.scores.DenseRank, dense)
		add(i, c.scores.LexicalRank, lexical)
	}
	return sums
}

// armSignal reads an arm's scores from the candidates.
func (m *memory) armSignal(candidates []candidate, arm corpus.Arm, weight float64) signal {
	return m.signalOf(candidates, weight, func(c *candidate) *float32 { return c.score(arm) })
}

// signalOf makes a signal from one score of each candidate, which may be nil.
func (m *memory) signalOf(candidates []candidate, weight float64, score func(*candidate) *float32) signal {
	if weight == 0 {
		return signal{}
	}
	lowest, found := math.Inf(1), 0
	s := signal{weight, m.floats(len(candidates))}
	for i := range candidates {
		s.scores[i] = math.NaN()
		if x := score(&candidates[i]); x != nil {
			s.scores[i] = float64(*x)
			lowest = min(lowest, s.scores[i])
			found++
		}
	}
	if found == 0 {
		return signal{}
	}
	for i, x := range s.scores {
		if math.IsNaN(x) {
			s.scores[i] = lowest
		}
	}
	return s
}
