package ranker

import (
	"cmp"
	"fmt"
	"log/slog"
	"math"
	"slices"

	"dalil/searcher/trees"
)

// Options tune Train; zero fields take the measured defaults.
type Options struct {
	Trees     int     // 0: 100
	Rate      float64 // share of each tree's step that is taken; 0: 0.15
	Ridge     float64 // added to the curvature of each leaf; 0: 5
	Bins      int     // thresholds tried for each feature; 0: 32
	Scale     float64 // what [FitOdds] multiplies its result by; 0: 1
	Direction map[string]int
	Leave     []string // features that no tree may use
	Log       *slog.Logger
}

func (o Options) filled() Options {
	o.Trees, o.Rate, o.Ridge, o.Bins = cmp.Or(o.Trees, 100), cmp.Or(o.Rate, .15), cmp.Or(o.Ridge, 5), cmp.Or(o.Bins, 32)
	o.Scale = cmp.Or(o.Scale, 1)
	return o
}

// Train grows trees by LambdaMART (Burges, MSR-TR-2010-82): each one follows
// the gradient of nDCG@10 over pairs of candidates. Scores begin with the first
// feature, the linear ranking, so the trees hold what corrects it. The trees are
// oblivious, and the score never falls with a feature whose direction is 1,
// never rises with one whose direction is -1.
func Train(examples []Example, names []string, o Options) (*trees.Model, error) {
	o = o.filled()
	var kept []Example
	for _, e := range examples {
		if len(e.Features) > 1 && slices.Max(e.Gains) > 0 {
			kept = append(kept, e)
		}
	}
	if len(kept) == 0 {
		return nil, fmt.Errorf("no question has a relevant candidate")
	}
	b := binned(kept, names, o)
	scores := make([]float64, len(b.rows))
	for i, row := range b.rows {
		scores[i] = float64(row[0])
	}
	slopes, curves := make([]float64, len(scores)), make([]float64, len(scores))
	var grown []trees.Tree
	for n := range o.Trees {
		lambdas(kept, scores, slopes, curves)
		tree, leafOf := b.grow(slopes, curves, o)
		for i := range scores {
			scores[i] += float64(tree.Leaves[leafOf[i]])
		}
		grown = append(grown, tree)
		if o.Log != nil && (n+1)%20 == 0 {
			o.Log.Info("trees", "grown", n+1, "ndcg", mean(kept, scores))
		}
	}
	return trees.New(names, grown), nil
}

func mean(examples []Example, scores []float64) float64 {
	var sum float64
	at := 0
	for i := range examples {
		n := len(examples[i].Features)
		sum += examples[i].NDCG(scores[at : at+n])
		at += n
	}
	return sum / float64(len(examples))
}

// lambdas fills the slope and the curvature of each candidate's score.
func lambdas(examples []Example, scores, slopes, curves []float64) {
	clear(slopes)
	clear(curves)
	at := 0
	for i := range examples {
		e := &examples[i]
		n := len(e.Features)
		mine := scores[at : at+n]
		places := order(mine)
		weight := cmp.Or(e.Weight, 1) / max(e.Ideal, 1)
		for a := range places {
			for b := a + 1; b < len(places); b++ {
				if a >= cut {
					break // neither is on the first page
				}
				high, low := places[a], places[b]
				if e.Gains[high] == e.Gains[low] {
					continue
				}
				change := math.Abs((gain(e.Gains[high]) - gain(e.Gains[low])) * (discount(a) - discount(b)))
				if e.Gains[high] < e.Gains[low] {
					high, low = low, high
				}
				wrong := 1 / (1 + math.Exp(mine[high]-mine[low]))
				slopes[at+high] += weight * change * wrong
				slopes[at+low] -= weight * change * wrong
				curve := weight * change * wrong * (1 - wrong)
				curves[at+high] += curve
				curves[at+low] += curve
			}
		}
		at += n
	}
}
