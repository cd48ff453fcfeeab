package relevance

import (
	"math"

	"dalil/internal/training/ranker"
)

// linearPasses is how often each weight is improved.
const linearPasses = 60

// fitLinear fits a logistic regression with a ridge penalty on the standardised signs,
// one weight after the other by Newton's method. A weight never has a sign against
// direction. The logarithm of the odds is base plus the sum of the weights times the
// signs.
func fitLinear(rows []ranker.Labelled, direction []int, ridge float64) (base float64, weights []float64) {
	mean, deviation := moments(rows, len(direction))
	standard := make([][]float64, len(direction)) // of each sign, of each row
	for k := range standard {
		standard[k] = make([]float64, len(rows))
		for i := range rows {
			standard[k][i] = (float64(rows[i].Features[k]) - mean[k]) / deviation[k]
		}
	}
	odds := make([]float64, len(rows))
	// step is Newton's for a weight whose column is x; nil: all are 1.
	step := func(x []float64, weight, ridge float64) float64 {
		slope, curve := -ridge*weight, ridge+1e-9
		for i := range rows {
			p, answers, at := 1/(1+math.Exp(-odds[i])), 0., 1.
			if rows[i].Answers {
				answers = 1
			}
			if x != nil {
				at = x[i]
			}
			slope += rows[i].Weight * (answers - p) * at
			curve += rows[i].Weight * p * (1 - p) * at * at
		}
		return slope / curve
	}
	weights = make([]float64, len(direction))
	for range linearPasses {
		by := step(nil, 0, 0)
		base += by
		for i := range odds {
			odds[i] += by
		}
		for k, x := range standard {
			to := weights[k] + step(x, weights[k], ridge)
			if to*float64(direction[k]) < 0 {
				to = 0
			}
			for i := range odds {
				odds[i] += (to - weights[k]) * x[i]
			}
			weights[k] = to
		}
	}
	for k := range weights {
		weights[k] /= deviation[k]
		base -= weights[k] * mean[k]
	}
	return base, weights
}

// moments are the weighted mean and standard deviation of each sign. The deviation of a sign that
// never changes is 1.
func moments(rows []ranker.Labelled, signs int) (mean, deviation []float64) {
	mean, deviation = make([]float64, signs), make([]float64, signs)
	var all float64
	for i := range rows {
		all += rows[i].Weight
		for k := range mean {
			mean[k] += rows[i].Weight * float64(rows[i].Features[k])
		}
	}
	for k := range mean {
		mean[k] /= all
		for i := range rows {
			d := float64(rows[i].Features[k]) - mean[k]
			deviation[k] += rows[i].Weight * d * d
		}
		if deviation[k] = math.Sqrt(deviation[k] / all); deviation[k] < 1e-6 {
			deviation[k] = 1
		}
	}
	return mean, deviation
}
