package claims

import (
	"slices"

	"dalil/corpus"
	"dalil/lexical"
)

// Limits of a name that is missing: nothing near it is in the sentence.
const (
	leastName = 4 // letters
	nearName  = 0.45
	farName   = 0.15 // of a name in another script, which may be spelled in many ways
)

// names lists the names of the claim that the sentence has in no form, translation
// or sound, where it has another name instead.
func (c *Checker) names(p part, facts []fact, s *score, of *sentence) []corpus.Mismatch {
	var all []corpus.Mismatch
	var others []corpus.Span
	looked := false
	limit := float32(nearName)
	var sounds [][]string // of the sentence's words, if it is in another script
	if lexical.ScriptOf(p.text) != lexical.ScriptOf(of.text) {
		limit = farName
		sounds = c.sounds(of.text)
	}
	terms := c.deps.Analyzer.Terms(p.text)
	for i := range s.question.Groups {
		g := &s.question.Groups[i]
		if !g.Name || g.Number || s.held[i] > 0 || s.near != nil && s.near[i] >= limit || !isName(terms, g.Span, p.text) ||
			soundsLikeOne(terms, g.Span, sounds) {
			continue
		}
		if slices.ContainsFunc(facts, func(f fact) bool { return overlap(f.span, g.Span) }) {
			continue // a month
		}
		if !looked {
			others, looked = c.otherNames(s, p, of), true
		}
		if len(others) == 0 {
			continue
		}
		all = append(all, corpus.Mismatch{Kind: corpus.MismatchName, Claim: inAnswer(p, g.Span), Source: of.source, Found: inSource(of, others[0])})
		others = others[1:]
	}
	return all
}

// isName reports whether a word of the claim is surely a name: it has a capital and
// does not begin the sentence.
func isName(terms []lexical.Term, at corpus.Span, text string) bool {
	for _, t := range terms {
		if t.Span == at {
			return t.Script == lexical.Latin && t.Capital && len([]rune(text[at.Start:at.End])) >= leastName ||
				t.Script == lexical.Arabic && len([]rune(text[at.Start:at.End])) >= leastName
		}
	}
	return false
}

// otherNames lists the words of a sentence that may be names and that the claim does
// not have.
func (c *Checker) otherNames(s *score, p part, of *sentence) []corpus.Span {
	question := c.deps.Expander.Question(of.text, words{held: claimWords(s), passages: leastPassages}, false)
	terms := c.deps.Analyzer.Terms(of.text)
	var sounds [][]string
	if lexical.ScriptOf(p.text) != lexical.ScriptOf(of.text) {
		sounds = c.sounds(p.text)
	}
	var spans []corpus.Span
	for i := range question.Groups {
		g := &question.Groups[i]
		if g.Name && !g.Number && len(g.Dimensions) == 0 && isName(terms, g.Span, of.text) && !soundsLikeOne(terms, g.Span, sounds) {
			spans = append(spans, g.Span)
		}
	}
	return spans
}

// claimWords are the dimensions of the claim's words in all their forms.
func claimWords(s *score) map[uint32]int {
	held := map[uint32]int{}
	for i := range s.question.Groups {
		for _, d := range s.question.Groups[i].Dimensions {
			held[d]++
		}
	}
	return held
}

// sounds lists the skeletons of each word of a text.
func (c *Checker) sounds(text string) [][]string {
	terms := c.deps.Analyzer.Terms(text)
	all := make([][]string, len(terms))
	for i, t := range terms {
		all[i] = lexical.Skeletons(t.Word, t.Script)
	}
	return all
}

// soundsLikeOne reports whether the word at a place sounds much like one of the
// words of another script: a name may be spelled in many ways there.
func soundsLikeOne(terms []lexical.Term, at corpus.Span, sounds [][]string) bool {
	for _, t := range terms {
		if t.Span != at {
			continue
		}
		own := lexical.Skeletons(t.Word, t.Script)
		if len(own) == 0 && len(sounds) > 0 {
			return true // too few consonants to say so
		}
		for _, a := range own {
			for _, others := range sounds {
				for _, b := range others {
					if soundAlike(a, b) {
						return true
					}
				}
			}
		}
	}
	return false
}

// leastAlike is the share of the consonants that two spellings of a name have in
// common, in the same order.
const leastAlike = 0.75

func soundAlike(a, b string) bool {
	row := make([]int, len(b)+1) // lengths of the longest common subsequences
	for i := range len(a) {
		diagonal := 0
		for j := range len(b) {
			above := row[j+1]
			if a[i] == b[j] {
				row[j+1] = diagonal + 1
			} else {
				row[j+1] = max(above, row[j])
			}
			diagonal = above
		}
	}
	return float64(2*row[len(b)]) >= leastAlike*float64(len(a)+len(b))
}
