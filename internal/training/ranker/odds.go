package ranker

import (
	"fmt"
	"math"

	"dalil/searcher/trees"
)

// Labelled is one candidate that answers or does not.
type Labelled struct {
	Features []float32
	Answers  bool
	Weight   float64 // in training, above 0
}

// FitOdds grows trees whose sum with base is the logarithm of the odds that a
// candidate answers: gradient boosting on the logistic loss (Friedman, Annals of
// Statistics 2001). direction has the way of each feature, as [Directions] says it.
// o.Scale multiplies the result, base included.
func FitOdds(rows []Labelled, names []string, direction []int, o Options) (model *trees.Model, base float32, err error) {
	o = o.filled()
	var positive, all float64
	example := Example{}
	for i := range rows {
		example.Features = append(example.Features, rows[i].Features)
		all += rows[i].Weight
		if rows[i].Answers {
			positive += rows[i].Weight
		}
	}
	if positive == 0 || positive == all {
		return nil, 0, fmt.Errorf("all of %d candidates answer, or none", len(rows))
	}
	o.Direction = map[string]int{}
	for i, name := range names {
		o.Direction[name] = direction[i]
	}
	b := binned([]Example{example}, names, o)
	base = float32(math.Round(math.Log(positive/(all-positive))*1e4) / 1e4)
	scores := make([]float64, len(rows))
	for i := range scores {
		scores[i] = float64(base)
	}
	slopes, curves := make([]float64, len(rows)), make([]float64, len(rows))
	var grown []trees.Tree
	for range o.Trees {
		for i := range rows {
			p := 1 / (1 + math.Exp(-scores[i]))
			answers := 0.
			if rows[i].Answers {
				answers = 1
			}
			slopes[i], curves[i] = rows[i].Weight*(answers-p), rows[i].Weight*p*(1-p)
		}
		tree, leafOf := b.grow(slopes, curves, o)
		for i := range scores {
			scores[i] += float64(tree.Leaves[leafOf[i]])
		}
		grown = append(grown, tree)
	}
	for i := range grown {
		for leaf := range grown[i].Leaves {
			grown[i].Leaves[leaf] = float32(math.Round(float64(grown[i].Leaves[leaf])*o.Scale*1e4) / 1e4)
		}
	}
	return trees.New(names, grown), float32(math.Round(float64(base)*o.Scale*1e4) / 1e4), nil
}
