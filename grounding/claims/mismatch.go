package claims

import (
	"math"

	"dalil/corpus"
)

// worthComparing is the support from which a sentence's facts are compared, and
// afterMismatch what is left of the support for each fact that the sentence does not have. For a
// number or a date that the sentence has another one for, it is afterOther: such a claim is not supported.
const (
	worthComparing = 0.02
	afterMismatch  = 0.55
	afterOther     = 0.49
)

// left is what is left of the support after a mismatch.
func left(m corpus.Mismatch) float32 {
	if m.Found != nil && (m.Kind == corpus.MismatchNumber || m.Kind == corpus.MismatchDate) {
		return afterOther
	}
	return afterMismatch
}

// mismatches lists the facts of a claim that a sentence does not have. A loose fact
// of the claim is never missing, and one of the sentence confirms.
func (c *Checker) mismatches(claim *claimText, s *score, of *sentence) []corpus.Mismatch {
	p, facts := claim.part, claim.facts
	all := append(otherDates(claim, of), otherTimes(claim, of)...)
	used := make([]bool, len(of.facts))
	for i, f := range of.facts { // what the claim has too is no contradiction
		for _, g := range facts {
			used[i] = used[i] || same(g, f)
		}
	}
	for _, f := range facts {
		if has(of.facts, f) {
			continue
		}
		if f.order {
			if i := otherOrder(of.facts, used); i >= 0 {
				used[i] = true
				all = append(all, corpus.Mismatch{Kind: f.kind, Claim: inAnswer(p, f.span), Source: of.source, Found: inSource(of, of.facts[i].span)})
			}
		}
		if f.loose {
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

// otherOrder returns the ordinal of a sentence that has no partner in the claim, where it is the only one; -1: there is none.
func otherOrder(facts []fact, used []bool) int {
	only := -1
	for i, g := range facts {
		switch {
		case !g.order:
		case only >= 0 || used[i]:
			return -1
		default:
			only = i
		}
	}
	return only
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
// written without its million, in the same currency if both have one, and equal months.
func same(a, b fact) bool {
	if a.kind != b.kind || otherUnit(a, b) {
		return false
	}
	equal := func(x, y float64) bool { return math.Abs(x-y) <= 1e-9*math.Max(math.Abs(x), math.Abs(y)) }
	if a.unit == percent && equal(a.value/100, b.value) || b.unit == percent && equal(b.value/100, a.value) { // 25 % is a quarter
		return true
	}
	return equal(a.value, b.value) || a.kind == corpus.MismatchNumber && (equal(a.bare, b.value) || equal(a.value, b.bare))
}

func inAnswer(p part, s corpus.Span) corpus.Span {
	return corpus.Span{Start: p.span.Start + s.Start, End: p.span.Start + s.End}
}

func inSource(of *sentence, s corpus.Span) *corpus.Span {
	return &corpus.Span{Start: of.start + s.Start, End: of.start + s.End}
}
