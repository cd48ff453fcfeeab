package conversation

import (
	"dalil/corpus"
	"dalil/lexical"
)

// Found is what a search finds with the question alone, compared with what the conversation cites. A question about something
// else is usually answered better by another document.
type Found struct {
	// Dense is the highest cosine similarity of the question and a passage, CitedDense that of a passage of the cited documents.
	// Nil: unknown, or of a model that the gate was not fitted to.
	Dense, CitedDense *float64
	// Lexical and CitedLexical are the same with the scores of the lexical arm. 0: no passage has a word of the question.
	Lexical, CitedLexical float64
}

// foundNames are the signs of a [Found].
var foundNames = []string{"dense_lead", "dense_first", "dense_unknown", "foreign_lead", "lexical", "lexical_lead", "lexical_share", "lexical_first"}

// signs are what was found as numbers. The lexical scores count in words of which the index has one passage. foreign: the
// cited passages are in another script than the question.
func (f *Found) signs(foreign bool, passages int) []float64 {
	rarest := corpus.IDF(passages, 1)
	lead := f.Lexical - f.CitedLexical
	signs := []float64{0, 0, 1, 0, f.Lexical / rarest, lead / rarest, 0, number(lead <= 0)}
	if f.Dense != nil && f.CitedDense != nil {
		lead := *f.Dense - *f.CitedDense
		copy(signs, []float64{lead, number(lead <= 0), 0, lead * number(foreign)})
	}
	if f.Lexical > 0 {
		signs[6] = lead / f.Lexical
	}
	return signs
}

// LexicalScore is the score of the lexical arm for a passage, as a store computes it: the sum of idf × query weight × passage weight.
func LexicalScore(question, passage corpus.Sparse, v lexical.Frequencies) float64 {
	var sum float64
	i := 0
	for j, d := range question.Dimensions {
		for i < len(passage.Dimensions) && passage.Dimensions[i] < d {
			i++
		}
		if i < len(passage.Dimensions) && passage.Dimensions[i] == d {
			sum += corpus.IDF(v.Passages(), v.Frequency(d)) * float64(question.Weights[j]) * float64(passage.Weights[i])
		}
	}
	return sum
}

func number(is bool) float64 {
	if is {
		return 1
	}
	return 0
}
