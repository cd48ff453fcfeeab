package ranker

import (
	"cmp"
	"math"
	"slices"
)

// Example is one question with the searcher's features of its candidates, best
// first before the learned ranker.
type Example struct {
	Set, Query string
	Features   [][]float32 // of each candidate
	Gains      []int       // of each candidate; 0: not relevant
	Documents  []string    // of each candidate; one counts once, at its best place
	Ideal      float64     // the best DCG@10 that all relevant passages allow, found or not
	Weight     float64     // of the question in training; 0: 1
}

// cut is where nDCG ends.
const cut = 10

func gain(g int) float64 { return math.Exp2(float64(g)) - 1 }

func discount(rank int) float64 { // from 0
	if rank >= cut {
		return 0
	}
	return 1 / math.Log2(float64(rank)+2)
}

// IdealDCG is the best DCG@10 for the gains.
func IdealDCG(gains []int) float64 {
	gains = slices.Clone(gains)
	slices.SortFunc(gains, func(a, b int) int { return b - a })
	var sum float64
	for i, g := range gains[:min(len(gains), cut)] {
		sum += gain(g) * discount(i)
	}
	return sum
}

// NDCG is the nDCG@10 of the candidates in the order of the scores.
func (e *Example) NDCG(scores []float64) float64 {
	if e.Ideal == 0 {
		return 0
	}
	var sum float64
	seen := map[string]bool{}
	for _, i := range order(scores) {
		if seen[e.Documents[i]] {
			continue
		}
		sum += gain(e.Gains[i]) * discount(len(seen))
		if seen[e.Documents[i]] = true; len(seen) == cut {
			break
		}
	}
	return sum / e.Ideal
}

// order lists the places of the scores, the highest first.
func order(scores []float64) []int {
	places := make([]int, len(scores))
	for i := range places {
		places[i] = i
	}
	slices.SortStableFunc(places, func(a, b int) int { return cmp.Compare(scores[b], scores[a]) })
	return places
}
