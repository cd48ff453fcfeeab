package lexical

import "slices"

// Part is some of the words of a question, which join another with a share of their weight, 0 to 1.
type Part struct {
	Question *Question
	Groups   []int // numbers of the words
	Share    float64
}

// Join adds words of other questions. A dimension that the question asks for already keeps its weight.
func (q *Question) Join(parts []Part) {
	have := make(map[uint32]bool, q.Sparse.Len())
	weights := make(map[uint32]float64, 2*q.Sparse.Len())
	for i, d := range q.Sparse.Dimensions {
		have[d] = true
		weights[d] = float64(q.Sparse.Weights[i])
	}
	for _, p := range parts {
		of := make(map[uint32]float64, p.Question.Sparse.Len())
		for i, d := range p.Question.Sparse.Dimensions {
			of[d] = float64(p.Question.Sparse.Weights[i])
		}
		for _, i := range p.Groups {
			g := p.Question.Groups[i]
			dimensions := g.Dimensions
			if g.percent {
				q.percents = p.Question.percents
				dimensions = slices.Concat(dimensions, q.percents)
			}
			for _, d := range dimensions {
				if !have[d] {
					weights[d] = max(weights[d], p.Share*of[d])
				}
			}
			g.IDF *= p.Share
			q.Groups = append(q.Groups, g)
			q.sound = q.sound || g.sounds < len(g.Dimensions)
		}
	}
	var joined weightSum
	for d, weight := range weights {
		joined.add(d, weight)
	}
	q.Sparse = joined.sparse()
}
