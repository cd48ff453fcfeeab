package conversation

import (
	_ "embed"
	"math"
	"slices"

	"dalil/lexical"
	"dalil/logistic"
)

// SignNames returns the names of the signs that the gate decides by, in their order.
func SignNames() []string {
	return []string{
		"pronoun", "late", "pointer", "begins", "about", "more", "incomplete", "bare", "defines", "meaning", "none", "specifics",
		"in_passage", "in_question", "new_rare", "new_name", "old_name", "similarity", "unknown", "to_cited", "cited_unknown", "foreign",
	}
}

// longQuestion is the meaning, and the sum of specificities, from which a question counts as long: more of either makes no difference.
const longQuestion = 4

// signs are the clues as numbers.
func (c *clues) signs() []float64 {
	return []float64{
		number(c.pronoun), number(c.late), number(c.pointer && !c.pronoun), number(c.begins), number(c.about), number(c.more), number(c.incomplete), number(c.bare), number(c.defines),
		min(c.meaning, longQuestion), number(c.meaning == 0), min(c.specifics, longQuestion),
		c.inPassage, c.inQuestion, c.newRare, c.newName, c.oldName, c.similarity, number(c.unknown), c.toCited, number(c.citedUnknown), number(c.foreign),
	}
}

// SearchedNames returns the names of the signs that the gate decides by after a search for the question alone, in their order.
func SearchedNames() []string { return slices.Concat(SignNames(), foundNames) }

//go:embed model.json
var model []byte

//go:embed searched.json
var searched []byte

// openModels reads the built-in weights of the signs.
func openModels() (gate, after *logistic.Model, err error) {
	if gate, err = logistic.Load(model, SignNames()); err != nil {
		return nil, nil, err
	}
	after, err = logistic.Load(searched, SearchedNames())
	return gate, after, err
}

// Probabilities of a follow-up. Up to leastProbable, a question stands alone, and up to leastSearched after a search for it.
// Below slightProbable, no words should join it (see [Reading.Slight]).
// From followsProbable on, it is read as a follow-up. From sureProbable on, passages are also compared with words that
// join it, and with all of them from certainProbable on. From decidedProbable on, the words decide without a search.
const (
	leastProbable   = 0.1
	leastSearched   = 0.008
	slightProbable  = 0.2
	followsProbable = 0.5
	sureProbable    = 0.65
	decidedProbable = 0.9
	certainProbable = 0.999
)

// probability returns how probable a follow-up is. searched says whether the question was searched
// for alone to find that out. A question without a word of its own, such as "tell me more", cannot
// stand alone. One that begins with a reply, such as "no, I meant the first one", or only selects, such as "in 2022?", is read as a
// follow-up.
func (r *Reader) probability(c *clues, past Past, v lexical.Frequencies) (p float64, searched bool) {
	if c.more {
		return 1, false
	}
	signs := c.signs()
	p = r.gate.Probability(signs)
	if past.Search != nil && p < decidedProbable {
		if found := past.Search(); found != nil {
			searched = true
			p = r.searched.Probability(slices.Concat(signs, found.signs(c.foreign, v.Passages())))
		}
	}
	if c.replies || c.selects {
		p = max(p, followsProbable)
	}
	return p, searched
}

// FollowsUp reports whether the question is more likely a follow-up than not.
func (r *Reading) FollowsUp() bool { return r.Probability >= followsProbable }

// Slight reports whether a follow-up is improbable. Then no words should join the question; the cited documents should gain.
func (r *Reading) Slight() bool { return r.Probability < slightProbable }

// Leans: halfLean of a question that is nearly read as a follow-up, fullLean of one that is.
const (
	halfLean = 0.5
	fullLean = 0.99
)

// lean is how much of the past a question gets. Below followsProbable, it grows from 0 with the odds of a follow-up, in
// logarithms.
func lean(probability float64, searched bool) float64 {
	least := leastProbable
	if searched {
		least = leastSearched
	}
	switch {
	case probability <= least:
		return 0
	case probability < followsProbable:
		return halfLean * (odds(probability) - odds(least)) / (odds(followsProbable) - odds(least))
	}
	return fullLean
}

// odds of a probability, as a logarithm.
func odds(probability float64) float64 { return math.Log(probability / (1 - probability)) }

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

// SearchedSigns adds the signs of a search for the question alone to those of its words.
func (r *Reader) SearchedSigns(signs []float64, found Found, v lexical.Frequencies) []float64 {
	return slices.Concat(signs, found.signs(signs[slices.Index(SignNames(), "foreign")] > 0, v.Passages()))
}
