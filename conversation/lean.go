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

// Probabilities of a follow-up. Up to leastProbable, a question stands alone. From sureProbable on, it is a follow-up.
// In between it may be either, and followsProbable is where a follow-up becomes the better guess.
const (
	leastProbable   = 0.15
	followsProbable = 0.55
	sureProbable    = 0.99
)

// probability of a follow-up. A question without a word of its own, such as "tell me more", cannot stand alone.
func probability(m *logistic.Model, c *clues) float64 {
	if c.more {
		return 1
	}
	return m.Probability(c.signs())
}

// FollowsUp reports whether the question is more likely a follow-up than not.
func (r *Reading) FollowsUp() bool { return r.Probability >= followsProbable }

// Sure reports whether there is no doubt about it. A question in doubt should also be searched for without the past.
func (r *Reading) Sure() bool { return r.Probability <= leastProbable || r.Probability >= sureProbable }

// fullLean is the lean of a question that is read as a follow-up.
const fullLean = 0.99

// Signs returns the signs of a question, which the gate is fitted to.
func (r *Reader) Signs(question string, expanded *lexical.Question, past Past, v lexical.Frequencies) []float64 {
	c := r.clues(question, expanded, r.earlier(&past, v), past, v)
	return c.signs()
}
