package relevance

import (
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
	// that has an answer. Every question is asked with and without its passage, so
	// that 1 would make half of the questions off-topic, each of them about the very
	// article that is indexed. 0: 0.6
	OffTopic float64
	Limits   relevance.Limits // zero: 0.06 and 0.5
}

// Weights of a candidate: the first one decides the evidence.
const (
	firstWeight = 1
	otherWeight = 0.25
)

// Fit fits a table for a kind of model to what the searcher found for the
// questions. names are those of the signs, and direction the way that each may move
// the probability.
func Fit(kind string, questions []Question, names []string, direction []int, o Options) (*relevance.Table, error) {
	if o.Trees == 0 {
		o.Trees = 120
	}
	if o.OffTopic == 0 {
		o.OffTopic = 0.6
	}
	if o.Limits == (relevance.Limits{}) {
		o.Limits = relevance.Limits{Weak: 0.06, Sufficient: 0.5}
	}
	var rows []ranker.Labelled
	for _, q := range questions {
		for i, signs := range q.Signs {
			weight := otherWeight
			if i == 0 {
				weight = firstWeight
			}
			if !q.Answered {
				weight *= o.OffTopic
			}
			rows = append(rows, ranker.Labelled{Features: signs, Answers: q.Answers[i], Weight: weight})
		}
	}
	model, base, err := ranker.FitOdds(rows, names, direction, ranker.Options{Trees: o.Trees, Rate: 0.07, Ridge: 4})
	if err != nil {
		return nil, err
	}
	return relevance.New(kind, model, base, o.Limits), nil
}
