package relevance

import (
	"math"
	"slices"

	"dalil/internal/training/ranker"
	"dalil/searcher/relevance"
)

// Question is one question with the signs of its best candidates, best first.
type Question struct {
	Answered bool // whether a passage that answers is indexed
	Signs    [][]float32
	Answers  []bool // of each candidate
}

// Options tune [Fit]; zero fields take the measured defaults.
type Options struct {
	Trees int // 0: 120
	// OffTopic is what a question weighs whose passage was left out, relative to one
	// that has an answer, and OffTopicAcross the same for candidates in another language than the
	// question's: a relevance across languages would be too low with 1. 0: 1.5 and 0.25
	OffTopic, OffTopicAcross float64
	Limits                   relevance.Limits // zero: 0.074 and 0.53
}

// Weights of a candidate: the first one decides the evidence.
const (
	firstWeight = 1
	otherWeight = 0.25
)

// The ridge of the linear model, and the weights of the odds of both models in those of
// the table. The trees fit the questions better; the linear model holds better for questions
// about other texts. The sum of the weights is above 1, because the ridge and the mean of two
// models make probabilities too moderate.
const (
	linearRidge  = 200
	linearWeight = 1.1
	treesWeight  = 0.2
)

// Fit fits a table for a kind of model to what the searcher found for the
// questions. names are those of the signs, and direction the way that each may move
// the probability. The sign "language", if there is one, says whether question and
// passage have one language.
func Fit(kind string, questions []Question, names []string, direction []int, o Options) (*relevance.Table, error) {
	if o.Trees == 0 {
		o.Trees = 120
	}
	if o.OffTopic == 0 {
		o.OffTopic = 1.5
	}
	if o.OffTopicAcross == 0 {
		o.OffTopicAcross = 0.25
	}
	if o.Limits == (relevance.Limits{}) {
		o.Limits = relevance.Limits{Weak: 0.074, Sufficient: 0.53}
	}
	language := slices.Index(names, "language")
	var rows []ranker.Labelled
	for _, q := range questions {
		for i, signs := range q.Signs {
			weight := otherWeight
			if i == 0 {
				weight = firstWeight
			}
			switch {
			case q.Answered:
			case language >= 0 && signs[language] == 0:
				weight *= o.OffTopicAcross
			default:
				weight *= o.OffTopic
			}
			rows = append(rows, ranker.Labelled{Features: signs, Answers: q.Answers[i], Weight: weight})
		}
	}
	model, treesBase, err := ranker.FitOdds(rows, names, direction, ranker.Options{Trees: o.Trees, Rate: 0.07, Ridge: 4, Scale: treesWeight})
	if err != nil {
		return nil, err
	}
	linearBase, weights := fitLinear(rows, direction, linearRidge)
	linear := make([]float32, len(weights))
	for i, weight := range weights {
		linear[i] = rounded(weight * linearWeight)
	}
	return relevance.New(kind, model, linear, treesBase+rounded(linearBase*linearWeight), o.Limits), nil
}

// rounded keeps what tables print readable.
func rounded(x float64) float32 { return float32(math.Round(x*1e4) / 1e4) }
