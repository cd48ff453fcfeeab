package conversation

import (
	_ "embed"

	"dalil/lexical"
	"dalil/logistic"
)

// SignNames returns the names of the signs that the gate decides by, in their order.
func SignNames() []string {
	return []string{
		"pronoun", "late", "pointer", "begins", "more", "incomplete", "bare", "defines", "meaning", "none",
		"in_passage", "in_question", "new_rare", "new_name", "old_name", "similarity", "unknown", "to_cited", "cited_unknown",
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
		number(c.pronoun), number(c.late), number(c.pointer && !c.pronoun), number(c.begins), number(c.more), number(c.incomplete), number(c.bare), number(c.defines),
		min(c.meaning, mostMeaning), number(c.meaning == 0),
		c.inPassage, c.inQuestion, c.newRare, c.newName, c.oldName, c.similarity, number(c.unknown), c.toCited, number(c.citedUnknown),
	}
}

//go:embed model.json
var model []byte

// openModel reads the built-in weights of the signs.
func openModel() (*logistic.Model, error) { return logistic.Load(model, SignNames()) }

// Probabilities of a follow-up. Up to leastProbable, a question stands alone. From followsProbable on, it is read as a
// follow-up. From sureProbable on, passages are also compared with words that join it, and with all of them from
// certainProbable on.
const (
	leastProbable   = 0.06
	followsProbable = 0.5
	sureProbable    = 0.8
	certainProbable = 0.99
)

// probability of a follow-up. A question without a word of its own, such as "tell me more", cannot stand alone. One that
// begins with a reply, such as "no, I meant the first one", is read as a follow-up.
func probability(m *logistic.Model, c *clues) float64 {
	if c.more {
		return 1
	}
	p := m.Probability(c.signs())
	if c.replies {
		p = max(p, followsProbable)
	}
	return p
}

// FollowsUp reports whether the question is more likely a follow-up than not.
func (r *Reading) FollowsUp() bool { return r.Probability >= followsProbable }

// Leans: halfLean of a question that is nearly read as a follow-up, fullLean of one that is.
const (
	halfLean = 0.7
	fullLean = 0.99
)

// lean is how much of the past a question gets. Below followsProbable, it grows from 0 with the probability.
func lean(probability float64) float64 {
	switch {
	case probability <= leastProbable:
		return 0
	case probability < followsProbable:
		return halfLean * (probability - leastProbable) / (followsProbable - leastProbable)
	}
	return fullLean
}

// compared is how many of the words that join a question passages are compared with, word by word.
func compared(probability float64) int {
	switch {
	case probability < sureProbable:
		return 0
	case probability < certainProbable:
		return mostCompared
	}
	return mostWords
}

// Signs returns the signs of a question, which the gate is fitted to.
func (r *Reader) Signs(question string, expanded *lexical.Question, past Past, v lexical.Frequencies) []float64 {
	c := r.clues(question, expanded, r.earlier(&past, v), past, v)
	return c.signs()
}
