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

	mostCompared = 64 // names of a claim whose spelling is compared with all words of the sentence
)

// names lists the names of the claim that the sentence has in no form, translation
// or sound, where it has another name instead.
func (c *Checker) names(p part, facts []fact, s *score, of *sentence) []corpus.Mismatch {
	var all []corpus.Mismatch
	var others []corpus.Span
	looked, compared := false, 0
	limit := float32(nearName)
	var sounds [][]string        // of the sentence's words, if it is in another script
	var spellings []lexical.Term // the sentence's words, if it is in the same script
	if lexical.ScriptOf(p.text) != lexical.ScriptOf(of.text) {
		limit = farName
		sounds = c.sounds(of.text)
	} else {
		spellings = c.deps.Analyzer.Terms(of.text)
	}
	terms, told := c.deps.Analyzer.Terms(p.text), c.told(p, of.text, p.text)
	for i := range s.question.Groups {
		g := &s.question.Groups[i]
		if g.Number || s.held[i] > 0 || s.near != nil && s.near[i] >= limit || !g.Name && !slices.Contains(told, g.Span) || !isName(terms, told, g.Span, p.text) ||
			soundsLikeOne(terms, g.Span, sounds) {
			continue
		}
		if slices.ContainsFunc(facts, func(f fact) bool { return overlap(f.span, g.Span) }) {
			continue // a month
		}
		if len(spellings) > 0 {
			if compared++; compared > mostCompared {
				break
			}
			if respelledAsOne(terms, g.Span, spellings) {
				continue
			}
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

// told lists the words of text that the lexicon knows as names, where the claim and the sentence are in one script. In
// another script a name that the sentence has is too often not recognised.
func (c *Checker) told(p part, sentence, text string) []corpus.Span {
	if lexical.ScriptOf(p.text) != lexical.ScriptOf(sentence) {
		return nil
	}
	return c.deps.Expander.NamedWords(text)
}

// isName reports whether a word of the claim is surely a name: it is told to be one, or it has a capital and
// does not begin the sentence.
func isName(terms []lexical.Term, told []corpus.Span, at corpus.Span, text string) bool {
	if slices.Contains(told, at) {
		return true
	}
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
	terms, told := c.deps.Analyzer.Terms(of.text), c.told(p, of.text, of.text)
	var sounds [][]string
	if lexical.ScriptOf(p.text) != lexical.ScriptOf(of.text) {
		sounds = c.sounds(p.text)
	}
	var spans, same []corpus.Span // same: names that the claim has
	for i := range question.Groups {
		if g := &question.Groups[i]; len(g.Dimensions) > 0 && slices.Contains(told, g.Span) {
			same = append(same, g.Span)
		}
	}
	for i := range question.Groups {
		g := &question.Groups[i]
		if (g.Name || slices.Contains(told, g.Span)) && !g.Number && len(g.Dimensions) == 0 && isName(terms, told, g.Span, of.text) && !soundsLikeOne(terms, g.Span, sounds) && !nextToOne(of.text, g.Span, same) {
			spans = append(spans, g.Span)
		}
	}
	return spans
}

// nextToOne reports whether one of the names is next to a word: "Curie" of the claim is "Marie Curie" of the sentence.
func nextToOne(text string, word corpus.Span, names []corpus.Span) bool {
	return slices.ContainsFunc(names, func(n corpus.Span) bool {
		return n.End < word.Start && text[n.End:word.Start] == " " || word.End < n.Start && text[word.End:n.Start] == " "
	})
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

// respelledAsOne reports whether the word at a place may be another spelling of one of the words of the same script.
func respelledAsOne(terms []lexical.Term, at corpus.Span, words []lexical.Term) bool {
	for _, t := range terms {
		if t.Span == at && slices.ContainsFunc(words, func(w lexical.Term) bool { return w.Script == t.Script && lexical.Respelled(t.Word, w.Word) }) {
			return true
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
