// Package claims checks whether sources support an answer: it cuts the answer into
// claims, finds the sentence that supports each one, in the same language or
// another, and compares numbers, dates, names and negations. Start with [New] and
// [Checker.Check].
package claims

import (
	"cmp"
	"context"
	"slices"

	"dalil/corpus"
	"dalil/lexical"
	"dalil/logistic"
	"dalil/searcher"
)

// Deps are what a Checker compares with. Words may be nil: then the lexicon alone
// crosses languages.
type Deps struct {
	Analyzer *lexical.Analyzer
	Expander *lexical.Expander
	Words    searcher.Reranker
}

// Checker checks answers. It is safe for concurrent use.
type Checker struct {
	deps      Deps
	extractor *extractor
	model     *logistic.Model
}

// New returns a Checker with the built-in model, which the signs of a comparison are
// turned into support with.
func New(deps Deps) (*Checker, error) {
	model, err := openModel()
	if err != nil {
		return nil, err
	}
	return &Checker{deps, newExtractor(deps.Analyzer), model}, nil
}

// sentenceTerms is the length of a sentence that its words are weighed by.
const sentenceTerms = 20

// Bounds of a check, so that no request takes long.
const (
	mostClaims    = 300
	mostSentences = 3000
)

// cited is the share of the best support from which a further sentence is cited. A
// sentence and its pair with the one beside it are one citation.
const (
	cited         = 0.8
	mostCitations = 3
)

// Check compares each claim of the answer with every sentence of the sources. It is
// pure apart from the cancellation of ctx.
func (c *Checker) Check(ctx context.Context, answer string, sources []corpus.Source) (corpus.Grounding, error) {
	sentences := c.read(sources)
	texts := c.claimTexts(cut(answer))
	back, err := c.backward(ctx, texts, sentences)
	if err != nil {
		return corpus.Grounding{}, err
	}
	var g corpus.Grounding
	var sum, weight float64
	for i := range texts {
		if err := ctx.Err(); err != nil {
			return corpus.Grounding{}, err
		}
		claim := corpus.Claim{Span: texts[i].span, NeedsSupport: c.needsSupport(texts[i].text)}
		if claim.NeedsSupport {
			scores, err := c.compare(ctx, &texts[i], i, sentences, back)
			if err != nil {
				return corpus.Grounding{}, err
			}
			c.support(&claim, &texts[i], scores, sources, sentences)
			words := float64(max(len(c.deps.Analyzer.Terms(texts[i].text)), 1))
			sum += words * float64(claim.Support)
			weight += words
		}
		g.Claims = append(g.Claims, claim)
	}
	if weight > 0 {
		support := float32(sum / weight)
		g.Support = &support
	}
	return g, nil
}

// support fills the claim from the sentences of the sources.
func (c *Checker) support(claim *corpus.Claim, text *claimText, scores []score, sources []corpus.Source, sentences []sentence) {
	if len(scores) == 0 {
		return
	}
	best, penalised := -1, make([]float32, len(scores))
	mismatches := make([][]corpus.Mismatch, len(scores))
	order := make([]int, len(scores)) // those with the most support first
	for i := range scores {
		order[i], penalised[i] = i, scores[i].support
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(penalised[b], penalised[a]) })
	for _, i := range order {
		if best >= 0 && penalised[i] < penalised[best] && penalised[i] < max(corpus.SupportedClaim, cited*penalised[best]) {
			break // from here on, none can be the best or be cited, because facts only lower the support
		}
		if scores[i].support >= worthComparing {
			mismatches[i] = c.mismatches(text, &scores[i], &sentences[i])
			for _, m := range mismatches[i] {
				penalised[i] *= left(m)
			}
			if denied := c.negations(text, &scores[i], &sentences[i]); len(denied) > 0 {
				mismatches[i] = append(mismatches[i], denied...)
				penalised[i] *= afterNegation
			}
		}
		if best < 0 || penalised[i] > penalised[best] || penalised[i] == penalised[best] && i < best {
			best = i
		}
	}
	claim.Support, claim.Mismatches = penalised[best], mismatches[best]
	for len(claim.Citations) < mostCitations {
		next := -1
		for i, s := range penalised {
			if s >= max(corpus.SupportedClaim, cited*claim.Support) && (next < 0 || s > penalised[next]) {
				next = i
			}
		}
		if next < 0 {
			break
		}
		one := corpus.ClaimCitation{Source: sentences[next].source, Span: sentences[next].span, Support: penalised[next]}
		penalised[next] = -1
		if !slices.ContainsFunc(claim.Citations, func(c corpus.ClaimCitation) bool { return c.Source == one.Source && overlap(c.Span, one.Span) }) {
			claim.Citations = append(claim.Citations, one)
		}
	}
	claim.CitedWrongly = len(text.markers) > 0 && claim.Support >= corpus.SupportedClaim && !c.right(text.part, claim, sources)
}

// right reports whether a marker of the claim names a source that supports it.
func (c *Checker) right(p part, claim *corpus.Claim, sources []corpus.Source) bool {
	for _, citation := range claim.Citations {
		for _, marker := range p.markers {
			if marker == nameOf(sources, citation.Source) {
				return true
			}
		}
	}
	return false
}
