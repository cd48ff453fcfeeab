package evaluation

import (
	"maps"
	"math/rand/v2"
	"slices"
)

// Difference is the difference of two runs' nDCG@10 over the questions that both
// have.
type Difference struct {
	Questions int     `json:"questions"`
	Mean      float64 `json:"mean"` // mean of after minus before
	Low       float64 `json:"low"`  // of the interval that holds 95 % of the draws
	High      float64 `json:"high"`
}

// Noise reports whether the interval contains 0, so that the difference may be
// chance.
func (d Difference) Noise() bool { return d.Low <= 0 && d.High >= 0 }

// draws is the number of samples for the interval. More samples change its ends by
// less than the printed precision.
const draws = 2000

// Bootstrap compares two runs by the paired bootstrap (Sakai, SIGIR 2006): the
// questions are drawn with repeats, and the mean difference is taken of each
// draw. The runs are nDCG@10 by question. The same runs give the same interval.
func Bootstrap(before, after map[string]float64) Difference {
	var gaps []float64
	for _, id := range slices.Sorted(maps.Keys(before)) {
		if score, held := after[id]; held {
			gaps = append(gaps, score-before[id])
		}
	}
	d := Difference{Questions: len(gaps)}
	if len(gaps) == 0 {
		return d
	}
	random := rand.New(rand.NewPCG(1, 2))
	means := make([]float64, draws)
	for i := range means {
		for range gaps {
			means[i] += gaps[random.IntN(len(gaps))] / float64(len(gaps))
		}
	}
	for _, gap := range gaps {
		d.Mean += gap / float64(len(gaps))
	}
	slices.Sort(means)
	d.Low, d.High = means[draws*25/1000], means[draws*975/1000-1]
	return d
}
