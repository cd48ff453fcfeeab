// Package claims checks whether sources support an answer: it cuts the answer into
// claims, finds the sentence that supports each one, in the same language or
// another, and compares numbers, dates and names. Start with [New] and
// [Checker.Check].
package claims

import (
	"context"
	"strings"

	"dalil/chunker"
	"dalil/corpus"
	"dalil/lexical"
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
}

// New returns a Checker.
func New(deps Deps) *Checker { return &Checker{deps, newExtractor(deps.Analyzer)} }

// sentenceTerms is the length of a sentence that its words are weighed by.
const sentenceTerms = 20

// Bounds of a check, so that no request takes long.
const (
	mostClaims    = 300
	mostSentences = 3000
)

// supported is the support from which a claim counts as supported, and cited the
// share of the best support from which a further sentence is cited.
const (
	supported     = 0.5
	cited         = 0.8
	mostCitations = 3
)

// sentence is one sentence of a source, or two of them that follow each other.
type sentence struct {
	source int
	start  int // of text in the source
	span   corpus.Span
	text   string
	sparse corpus.Sparse
	facts  []fact
}

// Check compares each claim of the answer with every sentence of the sources. It is
// pure apart from the cancellation of ctx.
func (c *Checker) Check(ctx context.Context, answer string, sources []corpus.Source) (corpus.Grounding, error) {
	sentences := c.read(sources)
	var g corpus.Grounding
	var sum, weight float64
	for _, part := range cut(answer) {
		if err := ctx.Err(); err != nil {
			return corpus.Grounding{}, err
		}
		claim := corpus.Claim{Span: part.span, NeedsSupport: c.needsSupport(part.text)}
		if claim.NeedsSupport {
			if err := c.support(ctx, &claim, part, sources, sentences); err != nil {
				return corpus.Grounding{}, err
			}
			words := float64(max(len(c.deps.Analyzer.Terms(part.text)), 1))
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

// read cuts the sources into sentences and pairs of them.
func (c *Checker) read(sources []corpus.Source) []sentence {
	encoder := lexical.NewEncoder(c.deps.Analyzer, sentenceTerms)
	var all []sentence
	add := func(i int, span corpus.Span) {
		if len(all) < mostSentences {
			text := sources[i].Text[span.Start:span.End]
			all = append(all, sentence{source: i, start: span.Start, span: trim(sources[i].Text, span), text: text, sparse: encoder.Passage("", text), facts: c.extractor.facts(text)})
		}
	}
	for i := range sources {
		var spans []corpus.Span
		for _, span := range chunker.Sentences(sources[i].Text) {
			text := sources[i].Text[span.Start:span.End]
			if strings.TrimSpace(text) == "" {
				continue
			}
			spans = append(spans, span)
		}
		for k, span := range spans {
			add(i, span)
			if k > 0 { // what two sentences say together
				add(i, corpus.Span{Start: spans[k-1].Start, End: span.End})
			}
		}
	}
	return all
}

// support fills the claim from the sentences of the sources.
func (c *Checker) support(ctx context.Context, claim *corpus.Claim, p part, sources []corpus.Source, sentences []sentence) error {
	scores, err := c.compare(ctx, p.text, sentences)
	if err != nil || len(scores) == 0 {
		return err
	}
	facts := c.extractor.facts(p.text)
	best, penalised := -1, make([]float32, len(scores))
	mismatches := make([][]corpus.Mismatch, len(scores))
	for i := range scores {
		penalised[i] = scores[i].support
		if scores[i].support >= worthComparing {
			mismatches[i] = c.mismatches(p, facts, &scores[i], &sentences[i])
			for range mismatches[i] {
				penalised[i] *= afterMismatch
			}
		}
		if best < 0 || penalised[i] > penalised[best] {
			best = i
		}
	}
	claim.Support, claim.Mismatches = penalised[best], mismatches[best]
	for range mostCitations {
		next := -1
		for i, s := range penalised {
			if s >= max(supported, cited*claim.Support) && (next < 0 || s > penalised[next]) {
				next = i
			}
		}
		if next < 0 {
			break
		}
		claim.Citations = append(claim.Citations, corpus.ClaimCitation{Source: sentences[next].source, Span: sentences[next].span, Support: penalised[next]})
		penalised[next] = -1
	}
	claim.CitedWrongly = len(p.markers) > 0 && claim.Support >= supported && !c.right(p, claim, sources)
	return nil
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
