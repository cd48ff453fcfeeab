package conversation

import (
	_ "embed"

	"dalil/lexical"
	"dalil/logistic"
)

// SignNames returns the names of the signs that the gate decides by, in their order.
func SignNames() []string {
	return []string{
		"pronoun", "pointer", "begins", "more", "incomplete", "meaning", "few", "none",
		"in_passage", "in_question", "new_name", "old_name", "similarity", "unknown", "to_cited", "cited_unknown",
	}
}

// mostMeaning is the meaning from which a question counts as long.
const mostMeaning = 4

// signs are the clues as numbers.
func (c *clues) signs() []float64 {
	number := func(is bool) float64 {
		if is {
			return 1
		}
		return 0
	}
	return []float64{
		number(c.pronoun), number(c.pointer && !c.pronoun), number(c.begins), number(c.more), number(c.incomplete),
		min(c.meaning, mostMeaning), number(c.meaning < 1), number(c.meaning == 0),
		c.inPassage, c.inQuestion, c.newName, c.oldName, c.similarity, number(c.unknown), c.toCited, number(c.citedUnknown),
	}
}

//go:embed model.json
var model []byte

// openModel reads the built-in weights of the signs.
func openModel() (*logistic.Model, error) { return logistic.Load(model, SignNames()) }

// leastProbable is the probability of a follow-up from which the past is used, and sureProbable that from which it is
// used in full. The examples weigh a wrong use more than a missed one, so that both are below what they would be
// otherwise.
const (
	leastProbable = 0.35
	sureProbable  = 0.5
)

// lean returns how much the question depends on the conversation before it, below 1; 0: it does not. It grows with
// the probability that the question is a follow-up, so that an unsure decision changes little.
func lean(m *logistic.Model, c *clues) float64 {
	p := m.Probability(c.signs())
	if p <= leastProbable {
		return 0
	}
	return mostLean * min(1, (p-leastProbable)/(sureProbable-leastProbable))
}

// mostLean is the greatest lean.
const mostLean = 0.99

// Signs returns the signs of a question, which the gate is fitted to.
func (r *Reader) Signs(question string, expanded *lexical.Question, past Past, v lexical.Frequencies) []float64 {
	c := r.clues(question, expanded, r.earlier(&past, v), past, v)
	return c.signs()
}
