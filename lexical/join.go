package lexical

import (
	"cmp"
	"slices"

	"dalil/corpus"
)

// Part is some of the words of a question, which join another with a share of their weight, 0 to 1.
type Part struct {
	Question *Question
	Groups   []int // numbers of the words
	Share    float64
}

// Join adds words of other questions. A dimension that the question asks for already keeps its weight, and one that
// several words add has the largest of theirs.
func (q *Question) Join(parts []Part) {
	var added []weighted
	for _, p := range parts {
		sparse := p.Question.Sparse
		for _, i := range p.Groups {
			g := p.Question.Groups[i]
			dimensions := g.Dimensions
			if g.percent {
				q.percents = p.Question.percents
				dimensions = slices.Concat(dimensions, q.percents)
			}
			for _, d := range dimensions {
				if at, held := slices.BinarySearch(sparse.Dimensions, d); held {
					added = append(added, weighted{uint64(d), p.Share * float64(sparse.Weights[at])})
				}
			}
			g.IDF *= p.Share
			q.Groups = append(q.Groups, g)
			q.sound = q.sound || g.sounds < len(g.Dimensions)
		}
	}
	slices.SortFunc(added, func(a, b weighted) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(b.weight, a.weight)) })
	added = slices.CompactFunc(added, func(a, b weighted) bool { return a.key == b.key })
	q.Sparse = withAdded(q.Sparse, added)
}

// withAdded adds the dimensions that a vector does not have. Both rise.
func withAdded(s corpus.Sparse, added []weighted) corpus.Sparse {
	n := s.Len() + len(added)
	joined := corpus.Sparse{Dimensions: make([]uint32, 0, n), Weights: make([]float32, 0, n)}
	add := func(d uint32, weight float32) {
		joined.Dimensions, joined.Weights = append(joined.Dimensions, d), append(joined.Weights, weight)
	}
	i := 0
	for _, a := range added {
		d := uint32(a.key)
		for ; i < s.Len() && s.Dimensions[i] < d; i++ {
			add(s.Dimensions[i], s.Weights[i])
		}
		if (i == s.Len() || s.Dimensions[i] > d) && float32(a.weight) > 0 {
			add(d, float32(a.weight))
		}
	}
	for ; i < s.Len(); i++ {
		add(s.Dimensions[i], s.Weights[i])
	}
	return joined
}
