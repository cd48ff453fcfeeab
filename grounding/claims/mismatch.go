package claims

import (
	"math"
	"slices"

	"dalil/corpus"
	"dalil/lexical"
)

// worthComparing is the support from which a sentence's facts are compared, and
// afterMismatch what is left of the support for each fact that does not agree.
const (
	worthComparing = 0.02
	afterMismatch  = 0.55
)

// mismatches lists the facts of a claim that a sentence does not have. A loose fact
// of the claim is never missing, and one of the sentence confirms.
func (c *Checker) mismatches(p part, facts []fact, s *score, of *sentence) []corpus.Mismatch {
	var all []corpus.Mismatch
	used := make([]bool, len(of.facts))
	for i, f := range of.facts { // what the claim has too is no contradiction
		for _, g := range facts {
			used[i] = used[i] || same(g, f)
		}
	}
	for _, f := range facts {
		if f.loose || has(of.facts, f) {
			continue
		}
		m := corpus.Mismatch{Kind: f.kind, Claim: inAnswer(p, f.span), Source: of.source}
		if i := nearestFact(of.facts, used, f); i >= 0 {
			used[i] = true
			m.Found = inSource(of, of.facts[i].span)
		}
		all = append(all, m)
	}
	return append(all, c.names(p, facts, s, of)...)
}

// nearestFact returns the fact of the same kind that is nearest in size and has no
// partner in the claim; -1: there is none.
func nearestFact(facts []fact, used []bool, f fact) int {
	best, apart := -1, 0.
	for i, g := range facts {
		if g.kind != f.kind || g.loose || used[i] {
			continue
		}
		if d := math.Abs(math.Log1p(math.Abs(g.value)) - math.Log1p(math.Abs(f.value))); best < 0 || d < apart {
			best, apart = i, d
		}
	}
	return best
}

func has(facts []fact, f fact) bool {
	for _, g := range facts {
		if same(f, g) {
			return true
		}
	}
	return false
}

// same reports whether two facts agree: equal numbers, also where one of them is
// written without its million, and equal months.
func same(a, b fact) bool {
	if a.kind != b.kind {
		return false
	}
	equal := func(x, y float64) bool { return math.Abs(x-y) <= 1e-9*math.Max(math.Abs(x), math.Abs(y)) }
	return equal(a.value, b.value) || a.kind == corpus.MismatchNumber && (equal(a.bare, b.value) || equal(a.value, b.bare))
}

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
	if lexical.ScriptOf(p.text) != lexical.ScriptOf(of.text) {
		limit = farName
	}
	terms := c.deps.Analyzer.Terms(p.text)
	for i := range s.question.Groups {
		g := &s.question.Groups[i]
		if !g.Name || g.Number || s.held[i] > 0 || s.near != nil && s.near[i] >= limit || !isName(terms, g.Span, p.text) {
			continue
		}
		if slices.ContainsFunc(facts, func(f fact) bool { return overlap(f.span, g.Span) }) {
			continue // a month
		}
		if !looked {
			others, looked = c.otherNames(s, of), true
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
func (c *Checker) otherNames(s *score, of *sentence) []corpus.Span {
	question := c.deps.Expander.Question(of.text, words{held: claimWords(s), passages: leastPassages}, false)
	terms := c.deps.Analyzer.Terms(of.text)
	var spans []corpus.Span
	for i := range question.Groups {
		g := &question.Groups[i]
		if g.Name && !g.Number && len(g.Dimensions) == 0 && isName(terms, g.Span, of.text) {
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

func inAnswer(p part, s corpus.Span) corpus.Span {
	return corpus.Span{Start: p.span.Start + s.Start, End: p.span.Start + s.End}
}

func inSource(of *sentence, s corpus.Span) *corpus.Span {
	return &corpus.Span{Start: of.start + s.Start, End: of.start + s.End}
}
